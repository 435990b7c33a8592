package packhorse.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.node.RetoldAnswer;
import packhorse.node.Silence;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.ErrorLines;
import packhorse.wire.Foretold;
import packhorse.wire.Limits;
import packhorse.wire.Pkt;
import packhorse.wire.PktReader;

/// One client's wait for its pack. While the node is silent the client is given what the answer is
/// certain to begin with, then empty frames, so that neither it nor anybody in between gives up.
/// What comes of the wait goes on behind that: the rest of the answer, a node's no, or ours. Made
/// by [Packs], used on the request's thread.
final class Meanwhile implements Silence {
  // what git's own http-backend says of a result
  private static final Headers RESULT =
      Headers.none()
          .with("Expires", "Fri, 01 Jan 1980 00:00:00 GMT")
          .with("Pragma", "no-cache")
          .with("Cache-Control", "no-cache, max-age=0, must-revalidate")
          .with("Content-Type", "application/x-git-upload-pack-result");

  private final Client client;
  private final Optional<Foretold> foretold;
  private final Duration every;
  private final LongSupplier nanoTime;
  private long due;
  private boolean spoken;

  /// @param foretold empty: nothing can be said before the node has answered
  /// @param every how long the client hears nothing
  Meanwhile(Client client, Optional<Foretold> foretold, Duration every, LongSupplier nanoTime) {
    this.client = client;
    this.foretold = foretold;
    this.every = every;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong() + every.toNanos();
  }

  @Override
  public Duration left() {
    if (foretold.isEmpty()) return Silence.borne().left();
    return Duration.ofNanos(Math.max(0, due - nanoTime.getAsLong()));
  }

  @Override
  public void goesOn() throws ClientGone {
    if (foretold.isEmpty()) return;
    Bytes said = words().and(Foretold.KEEP_ALIVE);
    spoken = true;
    switch (client) {
      case StatelessClient http -> http.ahead(RESULT, said);
      case ConversationClient ssh -> ssh.ahead(said);
    }
    due = nanoTime.getAsLong() + every.toNanos();
  }

  /// Whether the client was given anything.
  boolean spoken() {
    return spoken;
  }

  private Bytes words() {
    return spoken ? Bytes.EMPTY : foretold.map(Foretold::words).orElse(Bytes.EMPTY);
  }

  /// What is left to be said of the node's answer, as it is. The answer is closed when there is no
  /// more of it to be had.
  ///
  /// @throws Refused where the answer is no 200, or begins with something else than was foretold
  Asked rest(Asked asked) throws Refused, IOException {
    Asked ok = heard(asked);
    if (!spoken || foretold.filter(told -> !told.line().isEmpty()).isEmpty()) return ok;
    try {
      return behind(ok, foretold.get());
    } catch (Refused | IOException | RuntimeException e) {
      asked.close();
      throw e;
    }
  }

  private Asked behind(Asked asked, Foretold told) throws Refused, IOException {
    NodeAnswer answer = asked.answer();
    Pkt first = first(answer);
    if (told.metBy(first)) return asked;
    Optional<Bytes> no = ErrorLines.said(first).flatMap(this::no);
    if (no.isPresent()) return asked.retold(RetoldAnswer.whole(answer, no.get()));
    String node = answer.node().name();
    throw new Refused(
        new Refusal(
            Refusal.Kind.NODE_FAILED,
            "the node " + node + " did not answer with the pack; please try again",
            "node \"" + node + "\": began with " + first + " instead of " + told.words()));
  }

  private static Pkt first(NodeAnswer answer) throws Refused, IOException {
    try {
      PktReader in = new PktReader(answer.body(), Limits.PKT);
      return Heard.fromNode(answer.node(), in::read);
    } catch (NodeFailure e) {
      throw new Refused(Handing.brokeOff(answer, e), e);
    }
  }

  /// The same answer, where its status can be told, or has not to be.
  ///
  /// @throws Refused for another status than 200 where a client that has heard 200 needs words; the
  ///   answer is closed
  Asked heard(Asked asked) throws Refused {
    if (!spoken) return asked;
    try {
      Declined.unlessOk(asked);
      return asked;
    } catch (Refused no) {
      asked.close();
      throw no;
    }
  }

  /// What is left to be said of something that we compose.
  ///
  /// @param whole begins as was foretold
  Bytes unsaid(Bytes whole) {
    if (!spoken) return whole;
    Bytes said = foretold.map(Foretold::words).orElse(Bytes.EMPTY);
    if (!whole.startsWith(said)) throw new IllegalStateException(said + " was foretold");
    return whole.from(said.size());
  }

  /// A node's own no as the client can still hear it; empty where nothing was said before it.
  ///
  /// @param said what stood behind `ERR`, in wire form
  Optional<Bytes> no(String said) {
    return foretold.filter(_ -> spoken).map(told -> ErrorLines.relayed(told.framing(), said));
  }
}
