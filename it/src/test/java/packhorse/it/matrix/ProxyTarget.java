package packhorse.it.matrix;

import java.nio.file.Path;
import java.util.List;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// A proxy in front of two nodes with shared storage. Closing it stops all of them.
final class ProxyTarget implements MatrixTarget {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final NodeDialect dialect;
  private final List<PlainNode> nodes;
  private final RunningProxy proxy;

  /// The protocol versions of the nodes, and what the proxy offers to clients.
  enum NodeDialect {
    /// The nodes speak every version.
    ANY,
    /// The nodes speak protocol v0 only, and so does the proxy.
    V0,
    /// The nodes speak protocol v0 only, and the proxy has `offer-v2`.
    V0_OFFERED_AS_V2
  }

  ProxyTarget(Path folder, NodeDialect dialect) {
    this.folder = folder;
    this.dialect = dialect;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "key");
    NodeOptions options = NodeOptions.of(repositories.root());
    NodeOptions nodeOptions = dialect == NodeDialect.ANY ? options : options.v0Only();
    this.nodes = List.of(PlainNode.start(nodeOptions), PlainNode.start(nodeOptions));
    this.proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .node("one", nodes.getFirst().url())
                .node("two", nodes.getLast().url())
                .pool("offer-v2: " + (dialect == NodeDialect.V0_OFFERED_AS_V2))
                .user("alice", key));
  }

  @Override
  public Repositories repositories() {
    return repositories;
  }

  @Override
  public String url(GitTransport transport, String name) {
    return switch (transport) {
      case HTTP1, H2C -> proxy.httpUrl(name);
      case H2_TLS -> "https://127.0.0.1:" + proxy.port("https") + "/" + name + ".git";
      case SSH -> proxy.sshUrl(name);
    };
  }

  @Override
  public GitRunner configure(GitTransport transport, GitRunner git) {
    return switch (transport) {
      case HTTP1 -> git.config("http.version", "HTTP/1.1");
      case H2C -> git.config("http.version", "HTTP/2");
      case H2_TLS ->
          git.config("http.version", "HTTP/2")
              .config("http.sslCAInfo", folder.resolve("proxy.pem").toString())
              // The site's public URL has the default port.
              .config("http.extraHeader", "Host: 127.0.0.1");
      case SSH ->
          git.ssh(
              OpenSshClient.acceptNewHostKey(
                  key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
    };
  }

  @Override
  public int effectiveVersion(ClientProtocol protocol) {
    return switch (dialect) {
      case ANY -> protocol.version();
      case V0 -> 0;
      case V0_OFFERED_AS_V2 -> protocol.version() == 2 ? 2 : 0;
    };
  }

  /// Returns whether a test is in the selection for these nodes. With v0 nodes, each test runs over
  /// one transport only; with `offer-v2`, only in version 2, which is the one that is translated.
  private boolean isSelected(String test, ClientProtocol protocol) {
    List<GitTransport> transports = List.of(GitTransport.values());
    GitTransport selected = transports.get(Math.floorMod(test.hashCode(), transports.size()));
    return switch (dialect) {
      case ANY -> true;
      case V0 -> protocol.transport() == selected;
      case V0_OFFERED_AS_V2 -> protocol.version() == 2;
    };
  }

  /// Omits the archive test if git is older than 2.44: the proxy sends requests to the nodes over
  /// HTTP, over which older versions create no archives.
  @Override
  public boolean includes(String test, ClientProtocol protocol, boolean all) {
    if (!all && !isSelected(test, protocol)) return false;
    return !test.equals("an_archive_is_made_by_the_node") || GitRunner.version() >= 244;
  }

  @Override
  public void close() {
    proxy.close();
    nodes.forEach(PlainNode::close);
  }
}
