package packhorse.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import packhorse.request.Credential;

/// What somebody reads who asks for a shell, mostly to try a key.
final class Greeting {
  private Greeting() {}

  /// @param terminal whether the client has put its terminal into raw mode: then lines need a
  ///   carriage return too
  static String words(Optional<String> owner, Credential.SshKey key, boolean terminal) {
    String end = terminal ? "\r\n" : "\n";
    String who =
        owner
            .map(name -> "Hello " + name + ": your key " + key.fingerprint() + " is known here.")
            .orElse("Your key " + key.fingerprint() + " is that of more than one user: nobody's.");
    return who + end + "There is no shell; use git to clone, fetch and push." + end;
  }

  static void say(String words, SshClientSide client) {
    byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
    try {
      client.toClient().write(bytes, 0, bytes.length);
      client.toClient().flush();
      client.end(0);
    } catch (IOException nobodyListens) {
      client.end(1);
    }
  }
}
