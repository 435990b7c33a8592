package packhorse.it.memory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;

/// An attacker who has a key: pushes over one connection whose commands never end.
final class SshAttack {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int CHANNELS = 3;

  private SshAttack() {}

  /// Runs until the proxy has refused all pushes of the connection.
  static void run(SshClient client, int port, Path key) throws IOException {
    try (ClientSession session =
        client.connect("git", "127.0.0.1", port).verify(TIMEOUT).getSession()) {
      new FileKeyPairProvider(key).loadKeys(session).forEach(session::addPublicKeyIdentity);
      session.auth().verify(TIMEOUT);
      List<ChannelExec> channels = new ArrayList<>();
      for (int i = 0; i < CHANNELS; i++) channels.add(open(session));
      for (ChannelExec channel : channels) push(channel);
    }
  }

  private static ChannelExec open(ClientSession session) throws IOException {
    ChannelExec channel = session.createExecChannel("git-receive-pack '/acme/app.git'");
    channel.setOut(OutputStream.nullOutputStream());
    channel.setErr(OutputStream.nullOutputStream());
    channel.open().verify(TIMEOUT);
    return channel;
  }

  private static void push(ChannelExec channel) {
    try {
      HttpAttack.writeCommands(channel.getInvertedIn());
      channel.getInvertedIn().flush();
    } catch (IOException refused) {
      // The next channel goes on.
      channel.close(true);
    }
  }

  static SshClient newClient() {
    SshClient client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.start();
    return client;
  }
}
