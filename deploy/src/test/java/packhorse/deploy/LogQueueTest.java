package packhorse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What happens to log events while the log accepts none.
@Timeout(30)
final class LogQueueTest {
  private static final int CAPACITY = 4;

  private final LoggerContext loggers = new LoggerContext();
  private final BlockedOutput output = new BlockedOutput();

  /// An output that blocks in its first write until it is released.
  private static final class BlockedOutput extends AppenderBase<ILoggingEvent> {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final BlockingQueue<String> written = new LinkedBlockingQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      reached.countDown();
      boolean interrupted = false;
      while (released.getCount() > 0) {
        try {
          released.await();
        } catch (InterruptedException e) {
          // as a write to a pipe: an interrupt does not end it
          interrupted = true;
        }
      }
      written.add(event.getFormattedMessage());
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private LogQueue newQueue() {
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    output.start();
    LogQueue queue = new LogQueue(output, CAPACITY);
    queue.setContext(loggers);
    queue.start();
    return queue;
  }

  private LoggingEvent event(int number) {
    var logger = loggers.getLogger("packhorse.x");
    return new LoggingEvent("x", logger, Level.INFO, "event {}", null, new Object[] {number});
  }

  @Test
  void a_blocked_log_delays_nobody_and_reports_what_was_lost() throws Exception {
    LogQueue queue = newQueue();
    queue.doAppend(event(0));
    output.reached.await();
    for (int i = 1; i <= CAPACITY + 3; i++) queue.doAppend(event(i));
    assertThat(queue.lostEvents()).isEqualTo(3);
    output.released.countDown();
    List<String> expected =
        List.of(
            "event 0",
            "3 log events were lost because the log could not be written in time",
            "event 1",
            "event 2",
            "event 3",
            "event 4");
    for (String message : expected) {
      assertThat(output.written.poll(10, TimeUnit.SECONDS)).isEqualTo(message);
    }
    queue.stop();
  }

  @Test
  void stopping_writes_what_still_waits() {
    LogQueue queue = newQueue();
    output.released.countDown();
    for (int i = 0; i < CAPACITY; i++) queue.doAppend(event(i));
    queue.stop();
    assertThat(output.written)
        .containsExactlyElementsOf(
            IntStream.range(0, CAPACITY).mapToObj(i -> "event " + i).toList());
  }

  @Test
  void stopping_does_not_wait_for_a_blocked_log() throws Exception {
    LogQueue queue = newQueue();
    queue.doAppend(event(0));
    output.reached.await();
    long before = System.nanoTime();
    queue.stop();
    assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(10).toNanos());
    output.released.countDown();
  }
}
