package packhorse.deploy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import packhorse.config.model.ActAsSettings;
import packhorse.config.model.ByteSize;
import packhorse.config.model.LimitSettings;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.NodeSettings;
import packhorse.config.model.Origin;
import packhorse.config.model.PolicyRuleSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.ProbeSettings;
import packhorse.config.model.Secret;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.config.model.SshPublicKey;
import packhorse.config.model.UserSettings;
import packhorse.exchange.Exchanges;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.web.VisitorCookie;
import packhorse.identity.FailedLoginLimit;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;
import packhorse.identity.UserAccount;
import packhorse.identity.UserDirectory;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryPlan;
import packhorse.node.HealthThresholds;
import packhorse.node.Node;
import packhorse.placement.PlacementRule;
import packhorse.placement.Pool;
import packhorse.placement.RepositoryLocator;
import packhorse.placement.Site;
import packhorse.policy.Policy;
import packhorse.policy.PolicyRule;
import packhorse.record.SecurityEvents;
import packhorse.request.Glob;
import packhorse.request.KeyedHash;
import packhorse.wire.WireText;

/// Creates the objects of the routing core that depend on the configuration alone. Used by
/// [Assembly] only.
final class RoutingFactory {
  private final Settings settings;
  private final MemoryPlan plan;

  RoutingFactory(Settings settings, MemoryPlan plan) {
    this.settings = settings;
    this.plan = plan;
  }

  RepositoryLocator createLocator() {
    List<Site> sites = settings.sites().stream().map(RoutingFactory::site).toList();
    List<Pool> pools = settings.pools().stream().map(RoutingFactory::pool).toList();
    List<PlacementRule> rules =
        settings.placement().stream()
            .map(rule ->
                new PlacementRule(
                    new Glob(rule.match().text()), rule.pool(), rule.nodes(), rule.readOnly()))
            .toList();
    return new RepositoryLocator(sites, pools, rules, siteOfListener());
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
    Optional<String> sshAddress = site.ssh().map(Object::toString);
    return new Site(site.name(), site.url().uri(), sshAddress, site.pool(), aliases);
  }

  private static Pool pool(PoolSettings pool) {
    List<String> nodeNames = pool.nodes().stream().map(NodeSettings::name).toList();
    return new Pool(
        pool.name(),
        pool.backend(),
        pool.storage(),
        nodeNames,
        pool.primary(),
        pool.authentication(),
        pool.dumbHttp(),
        pool.offerV2());
  }

  List<Node> createNodes() {
    return settings.pools().stream()
        .flatMap(pool -> pool.nodes().stream().map(node -> node(pool, node)))
        .toList();
  }

  private static Node node(PoolSettings pool, NodeSettings node) {
    return new Node(node.name(), pool.name(), node.url(), node.weight());
  }

  HealthThresholds createThresholds(String pool) {
    ProbeSettings probe = settings.pool(pool).probe();
    return new HealthThresholds(
        probe.downAfter(),
        probe.upAfter(),
        probe.slowStart(),
        probe.active() ? Optional.empty() : Optional.of(probe.interval()));
  }

  UserDirectory createUserDirectory(SecurityEvents events) {
    return new UserDirectory(
        settings.users().stream().map(user -> userAccount(user, events)).toList());
  }

  private UserAccount userAccount(UserSettings user, SecurityEvents events) {
    List<String> fingerprints =
        user.keys().stream()
            .flatMap(file -> file.keys().stream())
            .map(SshPublicKey::fingerprint)
            .toList();
    return new UserAccount(
        user.name(),
        user.password()
            .<Supplier<String>>map(
                secret -> new CurrentSecret(secret, this::checkPassword, events)),
        user.tokens().stream()
            .<Supplier<String>>map(secret -> new CurrentSecret(secret, TokenHash::parse, events))
            .toList(),
        fingerprints);
  }

  private void checkPassword(String encoded) {
    PasswordHash.parse(encoded).requireFits(plan);
  }

  FailedLoginLimit createFailedLoginLimit() {
    return settings.limits().logins().map(RoutingFactory::limit).orElse(FailedLoginLimit.none());
  }

  private static FailedLoginLimit limit(LimitSettings.Logins logins) {
    return new FailedLoginLimit(
        logins.failures(),
        logins.period(),
        address -> logins.exempt().stream().anyMatch(block -> block.contains(address)));
  }

  Policy createPolicy() {
    List<PolicyRuleSettings> rules = settings.policy().orElse(List.of());
    return new Policy(
        IntStream.range(0, rules.size()).mapToObj(i -> policyRule(i + 1, rules.get(i))).toList());
  }

  private PolicyRule policyRule(int number, PolicyRuleSettings rule) {
    return new PolicyRule(
        number,
        rule.allow(),
        rule.operations(),
        rule.repositories().stream().map(pattern -> new Glob(pattern.text())).toList(),
        rule.refs().stream().map(pattern -> new Glob(WireText.ofUnicode(pattern.text()))).toList(),
        !rule.groups().isEmpty(),
        facts(rule.groups()),
        rule.from(),
        rule.notFrom(),
        rule.reason().orElse(""));
  }

  // an entry of a rule's groups is either the name of a group or a fact
  private Set<String> facts(List<String> groups) {
    Set<String> facts = new HashSet<>();
    for (String group : groups) {
      facts.addAll(settings.groups().getOrDefault(group, List.of(group)));
    }
    return facts;
  }

  /// @param memory for responses that several clients share
  /// @param keepAlive how long a client that waits for a pack receives nothing
  /// @param stateKeys for the cookies that keep visitors on their nodes
  Exchanges.ExchangeSettings createExchangeSettings(
      MemoryBudget memory, Duration keepAlive, StateKeys stateKeys) {
    Map<String, NodeIdentity> nodeIdentities = new HashMap<>();
    settings.pools().forEach(pool -> nodeIdentities.put(pool.name(), nodeIdentity(pool.actAs())));
    List<KeyedHash> cookieHashes =
        stateKeys.derive("visitor cookie").stream().map(KeyedHash::new).toList();
    return new Exchanges.ExchangeSettings(
        nodeIdentities,
        bytes(settings.limits().push()),
        bytes(settings.limits().upload()),
        new VisitorCookie(cookieHashes, InstantSource.system()),
        settings.state().directory(),
        memory,
        keepAlive);
  }

  private static OptionalLong bytes(Optional<ByteSize> limit) {
    return limit.map(size -> OptionalLong.of(size.bytes())).orElse(OptionalLong.empty());
  }

  private static NodeIdentity nodeIdentity(ActAsSettings actAs) {
    return switch (actAs) {
      case ActAsSettings.ActAsNobody() -> new NodeIdentity.Nobody();
      case ActAsSettings.ActAsHeader(String name) -> new NodeIdentity.IdentityHeader(name);
      case ActAsSettings.ActAsServiceAccount(String user, Secret password) ->
          new NodeIdentity.ServiceAccount(basicAuthorization(user, password.value()));
    };
  }

  private static String basicAuthorization(String user, String password) {
    byte[] userPass = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(userPass);
  }
}
