package packhorse.it.dialects;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// A node that speaks every protocol version and one that speaks v0 only, with shared storage, and
/// a proxy for each [NodeDialect]. For any thread.
final class DialectFixture implements AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final PlainNode v2Node;
  private final PlainNode v0Node;
  private final Map<NodeDialect, RunningProxy> proxies = new EnumMap<>(NodeDialect.class);

  /// The protocol versions of the nodes behind a proxy.
  enum NodeDialect {
    /// Every version.
    V2,
    /// Protocol v0 only.
    V0,
    /// Protocol v0 only, in a pool with `offer-v2`.
    V0_OFFERED_AS_V2;

    private static final List<NodeDialect> SEQUENCE =
        List.of(V0_OFFERED_AS_V2, V2, V0_OFFERED_AS_V2, V0);

    /// Returns the dialect of a step of a comparison.
    static NodeDialect forStep(long step) {
      return SEQUENCE.get((int) Math.floorMod(step, (long) SEQUENCE.size()));
    }
  }

  /// The proxy and the transport of a client.
  record ProxyPath(NodeDialect dialect, boolean ssh) {}

  DialectFixture(Path folder) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "alice");
    NodeOptions options = NodeOptions.of(repositories.root());
    this.v2Node = PlainNode.start(options);
    this.v0Node = PlainNode.start(options.v0Only());
    for (NodeDialect dialect : NodeDialect.values()) {
      Path ownFolder = folder.resolve(dialect.name());
      ownFolder.toFile().mkdirs();
      String url = dialect == NodeDialect.V2 ? v2Node.url() : v0Node.url();
      boolean offerV2 = dialect == NodeDialect.V0_OFFERED_AS_V2;
      ProxyConfig config = ProxyConfig.in(ownFolder).node("one", url).pool("offer-v2: " + offerV2);
      proxies.put(dialect, RunningProxy.start(config.user("alice", key)));
    }
  }

  Repositories repositories() {
    return repositories;
  }

  /// Returns the URL of a repository at a proxy.
  String proxyUrl(ProxyPath path, String name) {
    RunningProxy proxy = proxy(path.dialect());
    return path.ssh() ? proxy.sshUrl(name) : proxy.httpUrl(name);
  }

  /// Returns the URL of a repository at the node, over HTTP.
  String nodeUrl(NodeDialect dialect, String name) {
    return dialect == NodeDialect.V2 ? v2Node.url(name) : v0Node.url(name);
  }

  /// Returns a copy of `git` that is configured for a proxy and a transport.
  GitRunner configure(ProxyPath path, GitRunner git) {
    return path.ssh() ? git.ssh(sshClient(path.dialect())) : git;
  }

  /// Returns a JGit client with the key of `alice`.
  JGitClient jgit(Path ownFolder) {
    return JGitClient.withKey(ownFolder, key);
  }

  private RunningProxy proxy(NodeDialect dialect) {
    return Objects.requireNonNull(proxies.get(dialect));
  }

  private OpenSshClient sshClient(NodeDialect dialect) {
    Path knownHosts = folder.resolve("known_hosts-" + dialect);
    return OpenSshClient.acceptNewHostKey(key.privateKey(), proxy(dialect).port("ssh"), knownHosts);
  }

  @Override
  public void close() {
    proxies.values().forEach(RunningProxy::close);
    v2Node.close();
    v0Node.close();
  }
}
