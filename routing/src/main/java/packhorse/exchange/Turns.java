package packhorse.exchange;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.wire.Bytes;
import packhorse.wire.ErrorLines;
import packhorse.wire.Push;
import packhorse.wire.PushReport;

/// One conversation: who it is with, what it may ask, and what its turns have come to so far. Used
/// on its own thread.
final class Turns {
  private static final int DIED = 128;

  private final Permit permit;
  private final Routes routes;
  private final ConversationClient client;
  private final List<String> failures = new ArrayList<>();
  private @Nullable Asked last;
  private long bytes;

  Turns(Permit permit, Routes routes, ConversationClient client) {
    this.permit = permit;
    this.routes = routes;
    this.client = client;
  }

  Permit permit() {
    return permit;
  }

  Routes routes() {
    return routes;
  }

  ConversationClient client() {
    return client;
  }

  /// A node has answered this turn.
  void took(Asked asked) {
    last = asked;
    failures.addAll(asked.failures());
  }

  /// Says something to the client that must not wait for more.
  void say(Bytes words) throws IOException {
    bytes += words.size();
    words.writeTo(client.toClient());
    client.toClient().flush();
  }

  void counted(long more) {
    bytes += more;
  }

  /// The node has said no in git's own way: it goes on as it came.
  ///
  /// @param said what stood behind {@code ERR}, in wire form
  Answer failed(String said) throws IOException {
    return failed(ErrorLines.relayed(said));
  }

  /// The same in other words.
  Answer failed(Bytes no) throws IOException {
    say(no);
    return end(DIED, Optional.empty(), Optional.empty());
  }

  /// The node died in its answer, and the client has all that came of it.
  Answer died() {
    return end(DIED, Optional.empty(), Optional.empty());
  }

  /// The client has what it came for: it is told so, and what it came to is known.
  Answer end() {
    return end(0, Optional.empty(), Optional.empty());
  }

  Answer end(int status, Optional<Push> push, Optional<PushReport> report) {
    client.end(status);
    Asked asked = last;
    if (asked == null) throw new IllegalStateException("a conversation that asked no node");
    return new Answer(
        asked.route(),
        asked.answer().node(),
        asked.answer().status(),
        bytes,
        failures,
        push,
        report);
  }
}
