package packhorse.it.kit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;

/// A git node over SSH that accepts every key and runs git. Tests connect to it directly, without a
/// proxy, to compare its responses with those of the proxy. For any thread.
public final class SshNode implements AutoCloseable {
  private final SshServer server;
  private final KeyPair hostKey = generateHostKey();
  private final List<String> commands = new CopyOnWriteArrayList<>();

  private SshNode(Path root) {
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator((user, key, session) -> true);
    server.setCommandFactory((channel, command) -> new GitSshCommand(root, record(command)));
  }

  /// Starts a node for the repositories below `root`.
  public static SshNode start(Path root) {
    SshNode node = new SshNode(root);
    try {
      node.server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return node;
  }

  public int port() {
    return server.getPort();
  }

  /// Returns the fingerprint of the host key, `SHA256:...`.
  public String fingerprint() {
    return KeyUtils.getFingerPrint(hostKey.getPublic());
  }

  /// Returns the URL of a repository, `acme/app` for example.
  public String url(String name) {
    return "ssh://git@127.0.0.1:" + port() + "/" + name + ".git";
  }

  /// Returns the command lines of all exec requests, in the order in which they arrived.
  public List<String> commands() {
    return List.copyOf(commands);
  }

  @Override
  public void close() {
    try {
      server.close(true).await();
      server.stop(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String record(String command) {
    commands.add(command);
    return command;
  }

  private static KeyPair generateHostKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
