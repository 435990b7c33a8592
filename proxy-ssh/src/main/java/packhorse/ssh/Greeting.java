package packhorse.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import packhorse.request.Credential;

/// Writes the text that answers a shell request, which users send mostly to test a key.
final class Greeting {
  private Greeting() {}

  /// @param terminal whether the client has put its terminal into raw mode; lines then need a
  ///   carriage return too
  static String text(Optional<String> owner, Credential.SshKey key, boolean terminal) {
    String lineEnd = terminal ? "\r\n" : "\n";
    String identity =
        owner
            .map(name -> "Hello " + name + ": your key " + key.fingerprint() + " is known here.")
            .orElse(
                "Your key "
                    + key.fingerprint()
                    + " belongs to more than one user, so it identifies nobody.");
    return identity + lineEnd + "There is no shell; use git to clone, fetch and push." + lineEnd;
  }

  /// Sends the text and ends the exec.
  static void send(String text, SshConversationClient client) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      client.toClient().write(bytes, 0, bytes.length);
      client.toClient().flush();
      client.exit(0);
    } catch (IOException clientGone) {
      client.logUnsent("the greeting", clientGone);
      client.exit(1);
    }
  }
}
