package packhorse.it.kit;

import java.nio.file.Path;
import java.util.List;

/// The nodes themselves, without a proxy: what every other address is compared with. Closing it
/// stops them.
final class DirectAddress implements Address {
  private final Repositories repositories;
  private final Path certificate;
  private final Path folder;
  private final SshKey key;
  private final PlainNode node;
  private final SshNode ssh;

  DirectAddress(Path folder) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    SelfSigned own = SelfSigned.loopback();
    this.certificate = own.write(folder, "node");
    this.key = SshKey.ed25519(folder, "key");
    this.node = PlainNode.start(NodeOptions.of(repositories.root()).tls(own));
    this.ssh = SshNode.start(repositories.root());
  }

  @Override
  public Repositories repositories() {
    return repositories;
  }

  @Override
  public String url(Transport transport, String name) {
    return switch (transport) {
      case HTTP1, H2C -> node.url(name);
      case H2_TLS -> node.tlsUrl() + "/" + name + ".git";
      case SSH -> ssh.url(name);
    };
  }

  @Override
  public GitRunner equip(Transport transport, GitRunner git) {
    return switch (transport) {
      case HTTP1 -> git.set("http.version", "HTTP/1.1");
      case H2C -> git.set("http.version", "HTTP/2");
      case H2_TLS ->
          git.set("http.version", "HTTP/2").set("http.sslCAInfo", certificate.toString());
      case SSH ->
          git.ssh(SshWay.trusting(key.privateKey(), ssh.port(), folder.resolve("known_hosts")));
    };
  }

  /// Without a proxy each behaviour once is enough, one transport each, to show that the suite is
  /// right.
  @Override
  public boolean serves(String behaviour, Way way, boolean all) {
    Transport one = List.of(Transport.values()).get(Math.floorMod(behaviour.hashCode(), 4));
    return way.transport() == one;
  }

  @Override
  public void close() {
    ssh.close();
    node.close();
  }
}
