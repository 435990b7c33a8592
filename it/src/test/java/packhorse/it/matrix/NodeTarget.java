package packhorse.it.matrix;

import java.nio.file.Path;
import java.util.List;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.SshNode;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// The nodes themselves, without a proxy, as a reference. Closing it stops them.
final class NodeTarget implements MatrixTarget {
  private final Repositories repositories;
  private final Path certificateFile;
  private final Path folder;
  private final SshKey key;
  private final PlainNode node;
  private final SshNode ssh;

  NodeTarget(Path folder) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    SelfSignedCertificate certificate = SelfSignedCertificate.forLoopback();
    this.certificateFile = certificate.writePem(folder, "node");
    this.key = SshKey.ed25519(folder, "key");
    this.node = PlainNode.start(NodeOptions.of(repositories.root()).withTls(certificate));
    this.ssh = SshNode.start(repositories.root());
  }

  @Override
  public Repositories repositories() {
    return repositories;
  }

  @Override
  public String url(GitTransport transport, String name) {
    return switch (transport) {
      case HTTP1, H2C -> node.url(name);
      case H2_TLS -> node.tlsUrl() + "/" + name + ".git";
      case SSH -> ssh.url(name);
    };
  }

  @Override
  public GitRunner configure(GitTransport transport, GitRunner git) {
    return switch (transport) {
      case HTTP1 -> git.config("http.version", "HTTP/1.1");
      case H2C -> git.config("http.version", "HTTP/2");
      case H2_TLS ->
          git.config("http.version", "HTTP/2").config("http.sslCAInfo", certificateFile.toString());
      case SSH ->
          git.ssh(
              OpenSshClient.acceptNewHostKey(
                  key.privateKey(), ssh.port(), folder.resolve("known_hosts")));
    };
  }

  /// Each test runs with one transport only, which is enough to show that the test is right.
  @Override
  public boolean includes(String test, ClientProtocol protocol, boolean all) {
    GitTransport chosen = List.of(GitTransport.values()).get(Math.floorMod(test.hashCode(), 4));
    return protocol.transport() == chosen;
  }

  @Override
  public void close() {
    ssh.close();
    node.close();
  }
}
