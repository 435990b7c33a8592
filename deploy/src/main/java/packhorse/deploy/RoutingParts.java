package packhorse.deploy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import packhorse.config.ActAs;
import packhorse.config.ByteSize;
import packhorse.config.Cidr;
import packhorse.config.ListenerSettings;
import packhorse.config.NodeSettings;
import packhorse.config.Origin;
import packhorse.config.PolicyRule;
import packhorse.config.PoolSettings;
import packhorse.config.ProbeSettings;
import packhorse.config.Secret;
import packhorse.config.Settings;
import packhorse.config.SiteSettings;
import packhorse.config.SshKey;
import packhorse.config.UserSettings;
import packhorse.exchange.Exchanges;
import packhorse.identity.Directory;
import packhorse.identity.User;
import packhorse.node.Node;
import packhorse.node.Thresholds;
import packhorse.placement.Locator;
import packhorse.placement.Pool;
import packhorse.placement.Rule;
import packhorse.placement.Site;
import packhorse.placement.Storage;
import packhorse.policy.Action;
import packhorse.policy.Network;
import packhorse.policy.Policy;
import packhorse.request.Glob;
import packhorse.wire.WireText;

/// Says in the core's own words what the configuration says. Used by the assembly only.
final class RoutingParts {
  private final Settings settings;

  RoutingParts(Settings settings) {
    this.settings = settings;
  }

  Locator locator() {
    List<Site> sites = settings.sites().stream().map(RoutingParts::site).toList();
    List<Pool> pools = settings.pools().stream().map(RoutingParts::pool).toList();
    List<Rule> rules =
        settings.placement().stream()
            .map(rule ->
                new Rule(new Glob(rule.match().text()), rule.pool(), rule.nodes(), rule.readOnly()))
            .toList();
    return new Locator(sites, pools, rules, siteOfListener());
  }

  private Map<String, String> siteOfListener() {
    Map<String, String> sites = new HashMap<>();
    for (ListenerSettings listener : settings.listeners()) {
      if (listener instanceof ListenerSettings.Ssh ssh) sites.put(ssh.name(), ssh.site());
    }
    return sites;
  }

  private static Site site(SiteSettings site) {
    List<URI> aliases = site.aliases().stream().map(Origin::uri).toList();
    Optional<String> ssh = site.ssh().map(Object::toString);
    return new Site(site.name(), site.url().uri(), ssh, site.pool(), aliases);
  }

  private static Pool pool(PoolSettings pool) {
    Pool.Checking checking =
        switch (pool.authentication()) {
          case NODE -> Pool.Checking.NODE;
          case PROXY -> Pool.Checking.PROXY;
        };
    Storage storage =
        switch (pool.storage()) {
          case SHARED -> Storage.SHARED;
          case REPLICATED -> Storage.REPLICATED;
          case SEPARATE -> Storage.SEPARATE;
        };
    List<String> nodes = pool.nodes().stream().map(NodeSettings::name).toList();
    return new Pool(
        pool.name(), storage, nodes, pool.primary(), checking, pool.dumbHttp(), pool.offerV2());
  }

  List<Node> nodes() {
    return settings.pools().stream()
        .flatMap(pool -> pool.nodes().stream().map(node -> node(pool, node)))
        .toList();
  }

  private static Node node(PoolSettings pool, NodeSettings node) {
    return new Node(node.name(), pool.name(), node.http(), node.weight());
  }

  Thresholds thresholds(String pool) {
    ProbeSettings probe = settings.pool(pool).probe();
    return new Thresholds(
        probe.downAfter(),
        probe.upAfter(),
        probe.slowStart(),
        probe.active() ? Optional.empty() : Optional.of(probe.interval()));
  }

  Directory directory() {
    return new Directory(settings.users().stream().map(RoutingParts::user).toList());
  }

  private static User user(UserSettings user) {
    List<String> keys =
        user.keys().stream()
            .flatMap(file -> file.keys().stream())
            .map(SshKey::fingerprint)
            .toList();
    return new User(
        user.name(),
        user.password().map(RoutingParts::current),
        user.tokens().stream().map(RoutingParts::current).toList(),
        keys);
  }

  // a secret that can no longer be read fits nobody
  private static Supplier<String> current(Secret secret) {
    return () -> secret.current().orElse("");
  }

  Policy policy() {
    List<PolicyRule> rules = settings.policy().orElse(List.of());
    return new Policy(
        IntStream.range(0, rules.size()).mapToObj(i -> rule(i + 1, rules.get(i))).toList());
  }

  private packhorse.policy.Rule rule(int number, PolicyRule rule) {
    return new packhorse.policy.Rule(
        number,
        rule.allow(),
        rule.operations().stream().map(RoutingParts::action).collect(Collectors.toSet()),
        rule.repositories().stream().map(pattern -> new Glob(pattern.text())).toList(),
        rule.refs().stream().map(pattern -> new Glob(WireText.ofUnicode(pattern.text()))).toList(),
        !rule.groups().isEmpty(),
        facts(rule.groups()),
        rule.from().stream().map(RoutingParts::network).toList(),
        rule.notFrom().stream().map(RoutingParts::network).toList(),
        rule.because().orElse(""));
  }

  private static Action action(PolicyRule.Operation operation) {
    return Action.valueOf(operation.name());
  }

  private static Network network(Cidr block) {
    return new Network(block.network(), block.bits());
  }

  // a rule's group is a name under groups, or such a fact itself
  private Set<String> facts(List<String> groups) {
    Set<String> facts = new HashSet<>();
    for (String group : groups) {
      facts.addAll(settings.groups().getOrDefault(group, List.of(group)));
    }
    return facts;
  }

  Exchanges.Terms terms(Duration keepAlive) {
    Map<String, packhorse.exchange.ActAs> actAs = new HashMap<>();
    settings.pools().forEach(pool -> actAs.put(pool.name(), actAs(pool.actAs())));
    Optional<ByteSize> push = settings.limits().push();
    return new Exchanges.Terms(
        actAs,
        push.map(size -> OptionalLong.of(size.bytes())).orElse(OptionalLong.empty()),
        settings.state().directory(),
        keepAlive);
  }

  private static packhorse.exchange.ActAs actAs(ActAs actAs) {
    return switch (actAs) {
      case ActAs.Nobody() -> new packhorse.exchange.ActAs.Nobody();
      case ActAs.Header(String name) -> new packhorse.exchange.ActAs.IdentityHeader(name);
      case ActAs.Basic(String user, Secret password) ->
          new packhorse.exchange.ActAs.Service(basic(user, password.value()));
    };
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
