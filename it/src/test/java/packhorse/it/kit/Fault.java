package packhorse.it.kit;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// How a [PlainNode] is told to fail; see [PlainNode#fail].
public sealed interface Fault {
  /// Answers with this and does not run git; the body of the request is read to its end.
  record Says(int status, List<Map.Entry<String, String>> headers, String body) implements Fault {
    public Says {
      headers = List.copyOf(headers);
    }

    /// A page, as a balancer or a login would answer.
    public static Says page(int status, String html) {
      return new Says(status, List.of(Map.entry("Content-Type", "text/html; charset=utf-8")), html);
    }
  }

  /// Runs git and closes the connection after so many bytes of the answer's body; 0: before the
  /// status line.
  record Cuts(long after) implements Fault {}

  /// Says nothing until the node is killed or [PlainNode#resume()] is called, then closes the
  /// connection.
  record Hangs() implements Fault {}

  /// Says nothing until the node is killed or [PlainNode#resume()] is called, then answers as if
  /// nothing had been.
  record Waits() implements Fault {}

  /// Runs git and replaces the rest of the answer's body with a text after so many bytes.
  record Turns(long after, String text) implements Fault {}

  /// A fault that waits for its requests.
  record Planned(int times, Predicate<SeenRequest> when, Fault fault) {}
}
