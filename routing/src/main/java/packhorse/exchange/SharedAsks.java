package packhorse.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import packhorse.node.ClientGone;
import packhorse.node.NodeFailure;
import packhorse.request.Refused;

/// Lets nodes hear each question for a list of refs once at a time. Who asks while an ask is under
/// way waits for the next one, which begins when that one has ended and which all share who wait by
/// then: so nobody is given an answer whose ask began before the request had come. Called by {@link
/// RefLists}, on the threads of requests.
final class SharedAsks {
  private final Map<Question, Line> lines = new HashMap<>();
  private final Spools spools;
  private final Consumer<NodeFailure> brokeOff;
  private final Duration patience;

  /// Asks nodes now.
  interface Fresh {
    Asked ask() throws Refused, IOException;
  }

  /// The asks of one question: never more than these two.
  private static final class Line {
    private SharedAsk underWay;
    private @Nullable SharedAsk next;

    Line(SharedAsk first) {
      underWay = first;
    }
  }

  /// @param brokeOff is told, once for all who share, of a node that breaks off in its answer
  /// @param patience how long an answer that has begun may still take, at its clients' pace, while
  ///   others wait: after that the next ask begins beside it
  SharedAsks(Spools spools, Consumer<NodeFailure> brokeOff, Duration patience) {
    this.spools = spools;
    this.brokeOff = brokeOff;
    this.patience = patience;
  }

  /// The answer to an ask that begins now or later. Whoever is alone with it gets the node's own
  /// answer; those who share one get each their own reading of it.
  ///
  /// @param as the id of the request, by which a node would hear the ask
  /// @throws Refused when no node answered: each who shares the ask is told so
  Asked ask(Question question, String as, Fresh fresh) throws Refused, IOException {
    SharedAsk ask = joined(question, as, fresh);
    awaitTurn(question, ask);
    if (!ask.alone()) return ask.answer(fresh);
    boolean answered = false;
    try {
      Asked own = fresh.ask();
      ask.answering();
      answered = true;
      return own.ending(() -> ended(question, ask));
    } finally {
      if (!answered) ended(question, ask);
    }
  }

  private synchronized SharedAsk joined(Question question, String as, Fresh fresh) {
    Line line = lines.get(question);
    if (line == null) {
      var first = new SharedAsk(as, fresh, spools);
      lines.put(question, new Line(first));
      first.begin();
      return first;
    }
    SharedAsk next = line.next;
    if (next == null) {
      next = new SharedAsk(as, fresh, spools);
      line.next = next;
    } else {
      next.join();
    }
    return next;
  }

  private void awaitTurn(Question question, SharedAsk ask) throws ClientGone {
    try {
      while (!ask.begunWithin(patience.dividedBy(4))) {
        overdue(question);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (left(question, ask)) throw new ClientGone("interrupted while waiting for its turn", e);
    }
  }

  /// Whether one who waited could still leave: whose ask has begun, goes on.
  private synchronized boolean left(Question question, SharedAsk ask) {
    Line line = lines.get(question);
    if (line == null || line.next != ask) return false;
    if (ask.leave()) line.next = null;
    return true;
  }

  private synchronized void overdue(Question question) {
    Line line = lines.get(question);
    if (line != null && line.underWay.answeringSince(patience)) next(question, line);
  }

  private synchronized void ended(Question question, SharedAsk ask) {
    Line line = lines.get(question);
    if (line == null || line.underWay != ask) return;
    if (line.next == null) {
      lines.remove(question);
    } else {
      next(question, line);
    }
  }

  private void next(Question question, Line line) {
    SharedAsk next = line.next;
    if (next == null) return;
    line.underWay = next;
    line.next = null;
    next.begin();
    if (!next.alone()) Thread.ofVirtual().name("list of refs").start(() -> fill(question, next));
  }

  private void fill(Question question, SharedAsk ask) {
    try {
      ask.fill(brokeOff);
    } finally {
      ended(question, ask);
    }
  }
}
