package packhorse.it.kit;

import java.nio.file.Path;
import java.util.List;

/// Repositories behind a proxy in front of two nodes on one disk. Closing it stops all of them.
final class ProxyAddress implements Address {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final Nodes speaking;
  private final List<PlainNode> nodes;
  private final RunningProxy proxy;

  /// What the nodes speak, and what the proxy makes of it.
  enum Nodes {
    /// Whatever they are asked for.
    ANY,
    /// Protocol v0, and so does the proxy.
    V0,
    /// Protocol v0, to a proxy with `offer-v2`.
    V0_OFFERED_AS_V2
  }

  ProxyAddress(Path folder, Nodes speaking) {
    this.folder = folder;
    this.speaking = speaking;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "key");
    NodeOptions options = NodeOptions.of(repositories.root());
    NodeOptions spoken = speaking == Nodes.ANY ? options : options.v0Only();
    this.nodes = List.of(PlainNode.start(spoken), PlainNode.start(spoken));
    this.proxy =
        RunningProxy.start(
            ProxyText.in(folder)
                .node("one", nodes.getFirst().url())
                .node("two", nodes.getLast().url())
                .pool("offer-v2: " + (speaking == Nodes.V0_OFFERED_AS_V2))
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
    return switch (speaking) {
      case ANY -> way.version();
      case V0 -> 0;
      case V0_OFFERED_AS_V2 -> way.version() == 2 ? 2 : 0;
    };
  }

  // each two of (behaviour, transport, nodes) meet at nodes of v0 too, and in the version that they
  // are translated from
  private boolean chosen(String behaviour, Way way) {
    List<Transport> all = List.of(Transport.values());
    Transport turn = all.get(Math.floorMod(behaviour.hashCode(), all.size()));
    return switch (speaking) {
      case ANY -> true;
      case V0 -> way.transport() == turn;
      case V0_OFFERED_AS_V2 -> way.version() == 2;
    };
  }

  /// The nodes are asked over HTTP, where git makes archives since 2.44.
  @Override
  public boolean serves(String behaviour, Way way, boolean all) {
    if (!all && !chosen(behaviour, way)) return false;
    return !behaviour.equals("an_archive_is_made_by_the_node") || GitRunner.version() >= 244;
  }

  @Override
  public void close() {
    proxy.close();
    nodes.forEach(PlainNode::close);
  }
}
