package packhorse.deploy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Passes log events to another appender on a thread of its own, so that whoever logs never waits
/// for the output: a full pipe or a stopped terminal accepts no byte for as long as it likes.
/// Events that do not fit into the queue are lost and counted, and the log says how many as soon as
/// it can be written again. Called on any thread, also on one that holds a lock.
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

  private final Appender<ILoggingEvent> output;
  private final BlockingQueue<ILoggingEvent> queue;
  private final AtomicLong lostEvents = new AtomicLong();
  private final Thread writer;

  /// @param output writes the events; is stopped together with the queue
  /// @param capacity the number of events that may wait
  LogQueue(Appender<ILoggingEvent> output, int capacity) {
    this.output = output;
    this.queue = new ArrayBlockingQueue<>(capacity);
    // Not a virtual thread: a blocked write would take one of the few threads that carry those.
    this.writer = Thread.ofPlatform().daemon().name("log").unstarted(this::writeAll);
  }

  /// Returns the number of events that were lost since the start.
  long lostEvents() {
    return lostEvents.get();
  }

  @Override
  public void start() {
    super.start();
    writer.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    if (!queue.offer(event)) lostEvents.incrementAndGet();
  }

  private void writeAll() {
    long reported = 0;
    try {
      while (isStarted() || !queue.isEmpty()) {
        ILoggingEvent event = queue.poll(1, TimeUnit.SECONDS);
        if (event != null) output.doAppend(event);
        long lost = lostEvents.get();
        if (lost > reported) output.doAppend(lossWarning(lost - reported));
        reported = lost;
      }
    } catch (InterruptedException e) {
      // stop() interrupts the wait for the next event; what is in the queue is written all the same
      queue.forEach(output::doAppend);
    }
  }

  private LoggingEvent lossWarning(long lost) {
    var logger = ((LoggerContext) getContext()).getLogger(LogQueue.class);
    String message = lost + " log events were lost because the log could not be written in time";
    return new LoggingEvent(null, logger, Level.WARN, message, null, new Object[0]);
  }

  /// Writes what is in the queue and stops. If the output accepts nothing, what is left is lost
  /// after a second.
  @Override
  public void stop() {
    super.stop();
    writer.interrupt();
    try {
      if (writer.join(STOP_LIMIT)) output.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
