package packhorse.it.kit;

import java.nio.file.Path;
import java.util.List;

/// Repositories behind a proxy in front of two nodes on one disk. Closing it stops all of them.
final class ProxyAddress implements Address, AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final boolean v0Only;
  private final List<PlainNode> nodes;
  private final RunningProxy proxy;

  /// @param v0Only whether the nodes know protocol v0 alone
  ProxyAddress(Path folder, boolean v0Only) {
    this.folder = folder;
    this.v0Only = v0Only;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "key");
    NodeOptions options = NodeOptions.of(repositories.root());
    NodeOptions spoken = v0Only ? options.v0Only() : options;
    this.nodes = List.of(PlainNode.start(spoken), PlainNode.start(spoken));
    this.proxy =
        RunningProxy.start(
            ProxyText.in(folder)
                .node("one", nodes.getFirst().url())
                .node("two", nodes.getLast().url())
                .user("alice", key));
  }

  @Override
  public Repositories repositories() {
    return repositories;
  }

  @Override
  public String url(Transport transport, String name) {
    return switch (transport) {
      case HTTP1, H2C -> proxy.http(name);
      case H2_TLS -> "https://127.0.0.1:" + proxy.port("https") + "/" + name + ".git";
      case SSH -> proxy.ssh(name);
    };
  }

  @Override
  public GitRunner equip(Transport transport, GitRunner git) {
    return switch (transport) {
      case HTTP1 -> git.set("http.version", "HTTP/1.1");
      case H2C -> git.set("http.version", "HTTP/2");
      case H2_TLS ->
          git.set("http.version", "HTTP/2")
              .set("http.sslCAInfo", folder.resolve("proxy.pem").toString())
              // the site's public URL has its scheme's own port
              .set("http.extraHeader", "Host: 127.0.0.1");
      case SSH ->
          git.ssh(
              SshWay.trusting(key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
    };
  }

  @Override
  public int spoken(Way way) {
    return v0Only ? 0 : way.version();
  }

  /// The nodes are asked over HTTP, where git makes archives since 2.44.
  @Override
  public boolean serves(String behaviour, Way way) {
    return !behaviour.equals("an_archive_is_made_by_the_node") || GitRunner.version() >= 244;
  }

  @Override
  public void close() {
    proxy.close();
    nodes.forEach(PlainNode::close);
  }
}
