package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import packhorse.node.ClientGone;
import packhorse.node.NodeFailure;
import packhorse.request.Refused;
import packhorse.wire.Watch;

/// One ask and those who share its answer. It has a thread of its own, so that whoever came first
/// may leave. Who belongs to it is settled when it begins; {@link SharedAsks} sees to that, under
/// its lock.
final class SharedAsk {
  private static final int PIECE = 32 * 1024;

  private final String as;
  private final SharedAsks.Fresh fresh;
  private final Spools spools;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);
  private int sharers = 1;
  private volatile @Nullable Spool spool;
  private volatile @Nullable Told outcome;
  private volatile boolean answering;
  private volatile long answeringSince;

  /// What became of the ask.
  private sealed interface Told {}

  /// The node has answered: its head is here, its body goes through the spool.
  private record Answered(Asked asked) implements Told {}

  /// The answer is for one client alone: everybody asks for themselves.
  private record Personal() implements Told {}

  private record NoAnswer(Exception why) implements Told {}

  /// @param as the id of the request whose words the node will hear
  SharedAsk(String as, SharedAsks.Fresh fresh, Spools spools) {
    this.as = as;
    this.fresh = fresh;
    this.spools = spools;
  }

  void join() {
    sharers++;
  }

  /// One who waited for the begin goes away; true when nobody is left.
  boolean leave() {
    return --sharers == 0;
  }

  void begin() {
    if (!alone()) spool = spools.spool(sharers);
    begun.countDown();
  }

  boolean begunWithin(Duration time) throws InterruptedException {
    return begun.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean alone() {
    return sharers == 1;
  }

  /// The head of the answer has come.
  void answering() {
    answeringSince = System.nanoTime();
    answering = true;
  }

  /// Whether that was so long ago.
  boolean answeringSince(Duration time) {
    return answering && System.nanoTime() - answeringSince >= time.toNanos();
  }

  /// The answer for one who shares it; blocks until its head is here. Called once by each.
  ///
  /// @param own how this one would ask for itself
  Asked answer(SharedAsks.Fresh own) throws Refused, IOException {
    Spool followed = spool();
    try {
      told.await();
    } catch (InterruptedException e) {
      followed.leave();
      Thread.currentThread().interrupt();
      throw new ClientGone("interrupted while a node was asked", e);
    }
    if (outcome instanceof Answered(Asked asked)) {
      String why = asked.route().why() + ", asked once for " + sharers + " as request " + as;
      var answer = new SharedAnswer(asked.answer(), followed.reader(asked.answer().node()));
      return new Asked(asked.route().because(why), answer, asked.failures());
    }
    followed.leave();
    if (outcome instanceof NoAnswer(Exception why)) throw again(why);
    return own.ask();
  }

  // an exception belongs to the thread that it is thrown on
  private static IOException again(Exception why) throws Refused {
    return switch (why) {
      case Refused refused -> throw new Refused(refused.refusal());
      case IOException failure -> new IOException(failure.getMessage(), failure);
      default -> throw new IllegalStateException("the ask that was shared broke", why);
    };
  }

  /// Asks, and lets the answer through to all who share it; returns when it is over.
  ///
  /// @param brokeOff is told of a node that breaks off in its answer
  void fill(Consumer<NodeFailure> brokeOff) {
    try (Asked asked = fresh.ask()) {
      if (SharedAnswer.personal(asked.answer())) {
        tell(new Personal());
        return;
      }
      answering();
      tell(new Answered(asked));
      through(asked, brokeOff);
    } catch (Refused | IOException | RuntimeException e) {
      tell(new NoAnswer(e));
    } finally {
      tell(new NoAnswer(new IllegalStateException("the ask that was shared has no answer")));
    }
  }

  private void through(Asked asked, Consumer<NodeFailure> brokeOff) {
    try {
      pass(asked.answer().body(), asked.watch());
      spool().ended(asked.answer().trailers());
    } catch (NodeFailure failure) {
      brokeOff.accept(failure);
      spool().failed(failure);
    } catch (IOException | InterruptedException | RuntimeException e) {
      spool().failed(new NodeFailure(asked.answer().node(), true, String.valueOf(e), e));
    }
  }

  private void pass(InputStream fromNode, Watch watch) throws IOException, InterruptedException {
    try {
      byte[] piece = fromNode.readNBytes(PIECE);
      while (piece.length > 0) {
        watch.passed(ByteBuffer.wrap(piece));
        if (!spool().add(piece)) return;
        piece = fromNode.readNBytes(PIECE);
      }
    } finally {
      watch.ended();
    }
  }

  private void tell(Told what) {
    if (told.getCount() == 0) return;
    outcome = what;
    told.countDown();
  }

  private Spool spool() {
    Spool shared = spool;
    if (shared == null) throw new IllegalStateException("nobody shares this ask");
    return shared;
  }
}
