package packhorse.it.dialects;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;

/// A node that knows v0 alone, and a proxy in front of it that offers v2. For any thread.
final class Offered implements AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final PlainNode node;
  private final RunningProxy proxy;

  /// @param more what else the node is
  Offered(Path folder, UnaryOperator<NodeOptions> more) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "alice");
    this.node = PlainNode.start(more.apply(NodeOptions.of(repositories.root()).v0Only()));
    this.proxy =
        RunningProxy.start(
            ProxyText.in(folder).node("one", node.url()).pool("offer-v2: true").user("alice", key));
  }

  Path folder() {
    return folder;
  }

  Repositories repositories() {
    return repositories;
  }

  PlainNode node() {
    return node;
  }

  RunningProxy proxy() {
    return proxy;
  }

  SshKey key() {
    return key;
  }

  String through(boolean ssh, String name) {
    return ssh ? proxy.ssh(name) : proxy.http(name);
  }

  /// Git in a folder of that name, equipped for both ways.
  GitRunner git(String place) {
    Path known = folder.resolve("known_hosts");
    return GitRunner.in(folder.resolve(place))
        .ssh(SshWay.trusting(key.privateKey(), proxy.port("ssh"), known))
        .set("http.version", "HTTP/1.1")
        .protocol(2);
  }

  @Override
  public void close() {
    proxy.close();
    node.close();
  }
}
