package packhorse.it.dialects;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// A node that speaks protocol v0 only, and a proxy in front of it with `offer-v2`. For any thread.
final class TranslatingFixture implements AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final PlainNode node;
  private final RunningProxy proxy;

  /// @param adapt changes the options of the node
  TranslatingFixture(Path folder, UnaryOperator<NodeOptions> adapt) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "alice");
    this.node = PlainNode.start(adapt.apply(NodeOptions.of(repositories.root()).v0Only()));
    this.proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .node("one", node.url())
                .pool("offer-v2: true")
                .user("alice", key));
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

  /// Returns the URL of a repository at the proxy, over SSH or HTTP.
  String proxyUrl(boolean ssh, String name) {
    return ssh ? proxy.sshUrl(name) : proxy.httpUrl(name);
  }

  /// Returns git in a folder of this name, configured for HTTP and SSH with protocol v2.
  GitRunner git(String folderName) {
    Path knownHosts = folder.resolve("known_hosts");
    return GitRunner.in(folder.resolve(folderName))
        .ssh(OpenSshClient.acceptNewHostKey(key.privateKey(), proxy.port("ssh"), knownHosts))
        .config("http.version", "HTTP/1.1")
        .protocol(2);
  }

  @Override
  public void close() {
    proxy.close();
    node.close();
  }
}
