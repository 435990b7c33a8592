package packhorse.it.threats;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import packhorse.it.kit.ssh.SshKey;

/// An SSH client that deviates from the protocol. For one thread.
final class HostileSshClient implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final SshClient client = SshClient.setUpDefaultClient();
  private final int port;

  HostileSshClient(int port) {
    this.port = port;
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    // Otherwise each second packet waits for the acknowledgment of the first.
    CoreModuleProperties.TCP_NODELAY.set(client, true);
    client.start();
  }

  /// Loads a key pair from its file.
  static KeyPair loadKeyPair(SshKey key) {
    return new FileKeyPairProvider(key.privateKey()).loadKeys(null).iterator().next();
  }

  /// Opens a connection without authenticating.
  ClientSession connect() throws IOException {
    ClientSession connection =
        client.connect("git", "127.0.0.1", port).verify(TIMEOUT).getSession();
    connection.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.WAIT_AUTH), TIMEOUT);
    return connection;
  }

  /// Authenticates with these keys, in their order.
  ///
  /// @return whether one of them was accepted
  static boolean authenticate(ClientSession connection, List<KeyPair> keys) throws IOException {
    keys.forEach(connection::addPublicKeyIdentity);
    try {
      connection.auth().verify(TIMEOUT);
      return true;
    } catch (SshException refused) {
      return false;
    }
  }

  /// Returns the output of a shell request.
  static String readGreeting(ClientSession connection) throws IOException {
    return readOutput(connection.createShellChannel(), "");
  }

  /// Executes a command without input.
  ///
  /// @return its output on both streams
  static String exec(ClientSession connection, String line, Map<String, String> variables)
      throws IOException {
    return readOutput(
        connection.createExecChannel(line, StandardCharsets.UTF_8, null, variables), "");
  }

  /// Executes a command with an input, encoded as ISO-8859-1.
  ///
  /// @return its output on both streams
  static String exec(ClientSession connection, String line, String input) throws IOException {
    return readOutput(
        connection.createExecChannel(line, StandardCharsets.UTF_8, null, Map.of()), input);
  }

  private static String readOutput(ClientChannel channel, String input) throws IOException {
    var out = new ByteArrayOutputStream();
    try (channel) {
      channel.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)));
      channel.setOut(out);
      channel.setErr(out);
      channel.open().verify(TIMEOUT);
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TIMEOUT);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
