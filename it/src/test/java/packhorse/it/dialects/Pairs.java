package packhorse.it.dialects;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.JGitClient;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;

/// A node that speaks everything and one that knows v0 alone, on one disk, and a proxy in front of
/// them for each [Way]. For any thread.
final class Pairs implements AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final PlainNode any;
  private final PlainNode v0;
  private final Map<Nodes, RunningProxy> proxies = new EnumMap<>(Nodes.class);

  /// What stands behind the proxy.
  enum Nodes {
    V2,
    V0,
    /// Nodes of v0, to a pool with `offer-v2`.
    V0_OFFERED_AS_V2;

    private static final List<Nodes> TURNS = List.of(V0_OFFERED_AS_V2, V2, V0_OFFERED_AS_V2, V0);

    static Nodes inTurn(long turn) {
      return TURNS.get((int) Math.floorMod(turn, (long) TURNS.size()));
    }
  }

  /// How a client gets there.
  record Way(Nodes nodes, boolean ssh) {}

  Pairs(Path folder) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "alice");
    NodeOptions options = NodeOptions.of(repositories.root());
    this.any = PlainNode.start(options);
    this.v0 = PlainNode.start(options.v0Only());
    for (Nodes nodes : Nodes.values()) {
      Path own = folder.resolve(nodes.name());
      own.toFile().mkdirs();
      String url = nodes == Nodes.V2 ? any.url() : v0.url();
      boolean offered = nodes == Nodes.V0_OFFERED_AS_V2;
      ProxyText text = ProxyText.in(own).node("one", url).pool("offer-v2: " + offered);
      proxies.put(nodes, RunningProxy.start(text.user("alice", key)));
    }
  }

  Repositories repositories() {
    return repositories;
  }

  String through(Way way, String name) {
    RunningProxy proxy = proxy(way.nodes());
    return way.ssh() ? proxy.ssh(name) : proxy.http(name);
  }

  /// The node itself, over HTTP.
  String direct(Nodes nodes, String name) {
    return nodes == Nodes.V2 ? any.url(name) : v0.url(name);
  }

  GitRunner equip(Way way, GitRunner git) {
    return way.ssh() ? git.ssh(way(way.nodes())) : git;
  }

  JGitClient jgit(Path own) {
    return JGitClient.key(own, key);
  }

  private RunningProxy proxy(Nodes nodes) {
    return java.util.Objects.requireNonNull(proxies.get(nodes));
  }

  private SshWay way(Nodes nodes) {
    Path known = folder.resolve("known_hosts-" + nodes);
    return SshWay.trusting(key.privateKey(), proxy(nodes).port("ssh"), known);
  }

  @Override
  public void close() {
    proxies.values().forEach(RunningProxy::close);
    any.close();
    v0.close();
  }
}
