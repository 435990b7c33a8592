package packhorse.it.kit.node;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A way in which a [PlainNode] misbehaves on a request. A test plans it with [PlainNode#fail].
/// Immutable.
public sealed interface Fault {
  /// Sends this response instead of running git. The request's body is still read to its end.
  record FixedResponse(int status, List<Map.Entry<String, String>> headers, String body)
      implements Fault {
    public FixedResponse {
      headers = List.copyOf(headers);
    }

    /// Returns a response with an HTML page, as a load balancer or a login page sends it.
    public static FixedResponse htmlPage(int status, String html) {
      return new FixedResponse(
          status, List.of(Map.entry("Content-Type", "text/html; charset=utf-8")), html);
    }
  }

  /// Runs git and closes the connection after `afterBytes` bytes of the response's body. With 0,
  /// git does not run, and the connection is closed before the status line.
  record Disconnect(long afterBytes) implements Fault {}

  /// Sends nothing until the node is killed or [PlainNode#resume()] is called, then closes the
  /// connection.
  record Hang() implements Fault {}

  /// Sends nothing until [PlainNode#resume()] is called, then responds normally. Killing the node
  /// closes the connection.
  record Delay() implements Fault {}

  /// Runs git and sends the first `afterBytes` bytes of the response's body, then nothing until the
  /// node is killed or [PlainNode#resume()] is called, then closes the connection.
  record Stall(long afterBytes) implements Fault {}

  /// Runs git and sends the first `afterBytes` bytes of the response's body, then a text in place
  /// of the rest.
  record ReplacedBody(long afterBytes, String text) implements Fault {}

  /// A fault for the next requests that fulfil a condition.
  ///
  /// @param times how many requests the fault applies to
  record PlannedFault(int times, Predicate<RecordedRequest> condition, Fault fault) {}
}
