package packhorse.it.threats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import packhorse.it.kit.SshKey;

/// An SSH client that does what no decent one would. For one thread.
final class Ssh implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SshClient client = SshClient.setUpDefaultClient();
  private final int port;

  Ssh(int port) {
    this.port = port;
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    // or each second packet waits for the acknowledgement of the first
    CoreModuleProperties.TCP_NODELAY.set(client, true);
    client.start();
  }

  static KeyPair pair(SshKey key) {
    return new FileKeyPairProvider(key.privateKey()).loadKeys(null).iterator().next();
  }

  /// A connection on which nobody has logged in yet.
  ClientSession connection() throws IOException {
    ClientSession connection =
        client.connect("git", "127.0.0.1", port).verify(PATIENCE).getSession();
    connection.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.WAIT_AUTH), PATIENCE);
    return connection;
  }

  /// Offers these keys in their order.
  ///
  /// @return whether one of them got in
  static boolean login(ClientSession connection, List<KeyPair> keys) throws IOException {
    keys.forEach(connection::addPublicKeyIdentity);
    try {
      connection.auth().verify(PATIENCE);
      return true;
    } catch (SshException refused) {
      return false;
    }
  }

  static String greeting(ClientSession connection) throws IOException {
    return said(connection.createShellChannel());
  }

  /// Everything that an exec says, on both streams, to a client that says nothing.
  static String exec(ClientSession connection, String line, Map<String, String> variables)
      throws IOException {
    return said(connection.createExecChannel(line, StandardCharsets.UTF_8, null, variables));
  }

  private static String said(ClientChannel channel) throws IOException {
    var out = new ByteArrayOutputStream();
    try (channel) {
      channel.setIn(InputStream.nullInputStream());
      channel.setOut(out);
      channel.setErr(out);
      channel.open().verify(PATIENCE);
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
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
