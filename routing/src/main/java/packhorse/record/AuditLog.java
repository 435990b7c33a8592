package packhorse.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.memory.MemoryPlan;

/// Appends audit records to a file, one JSON object a line, on a thread of its own: no request
/// waits for the disk, except a push for the record of its beginning, for a moment. Records that
/// cannot be written, or that find too many others waiting, are lost: they are counted, the first
/// loss is logged, and requests are served nevertheless. Called on any thread.
public final class AuditLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
  private static final long MAX_WAITING_CHARS = 8 << 20;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final AuditFile file;
  private final long maxWaitingChars;
  private final AtomicLong waitingChars = new AtomicLong();
  private final AtomicLong lostRecords = new AtomicLong();
  private final ExecutorService writer;
  private volatile boolean stalled;

  /// Opens the file. If it does not exist, it is created with mode 0600.
  ///
  /// @throws IOException when the file cannot be written
  public AuditLog(Path path) throws IOException {
    this(path, MemoryPlan.ofThisJvm().scaled(MAX_WAITING_CHARS));
  }

  /// @param maxWaitingChars the size of the records that may wait to be written
  AuditLog(Path path, long maxWaitingChars) throws IOException {
    this.file = new AuditFile(path);
    this.maxWaitingChars = maxWaitingChars;
    // Not a virtual thread: a blocked write would take one of the few threads that carry those.
    this.writer =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("audit").factory(),
            (record, closed) -> lostRecords.incrementAndGet());
  }

  /// The number of records that could not be written since the start.
  public long lostRecords() {
    return lostRecords.get();
  }

  /// Appends a record. Returns before it is written.
  ///
  /// @return false if the record is lost
  boolean append(String record) {
    if (waitingChars.addAndGet(record.length()) > maxWaitingChars) {
      waitingChars.addAndGet(-record.length());
      countLoss(new IOException("too many records wait to be written"));
      return false;
    }
    writer.execute(() -> write(record));
    return true;
  }

  /// Appends a record and waits until it is written or lost, at most for this time. While the file
  /// takes nothing, only the first caller waits.
  void appendAndWait(String record, Duration limit) {
    if (!append(record) || stalled || awaitWritten(limit)) return;
    stalled = true;
    log.atWarn().log("the audit file takes no records; pushes go on without waiting for theirs");
  }

  private void write(String record) {
    try {
      file.write(record);
    } catch (IOException e) {
      countLoss(e);
    } finally {
      stalled = false;
      waitingChars.addAndGet(-record.length());
    }
  }

  private void countLoss(IOException reason) {
    if (lostRecords.getAndIncrement() == 0)
      log.atError().setCause(reason).log("audit records are being lost");
  }

  /// Opens the file anew if another one, or none, is at its path now: tools that rotate logs move
  /// the old file away. Without this call, the next record does the same.
  public void reopen() {
    writer.execute(file::reopenIfMoved);
  }

  /// Waits until all records that were appended before are written or lost.
  ///
  /// @return false if the limit was reached before
  boolean awaitWritten(Duration limit) {
    CountDownLatch reached = new CountDownLatch(1);
    writer.execute(reached::countDown);
    try {
      return reached.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Returns the record of the request with that id from an audit file; the last one if there are
  /// several. Reads the whole file.
  public static Optional<String> find(Path file, String id) throws IOException {
    if (!Files.isRegularFile(file)) return Optional.empty();
    String idField = "\"id\":\"" + id + "\"";
    Optional<String> found = Optional.empty();
    try (var in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.contains(idField)) found = Optional.of(line);
      }
    }
    return found;
  }

  /// Writes the records that wait, for at most a second, and closes the file.
  @Override
  public void close() throws IOException {
    boolean written = awaitWritten(CLOSE_LIMIT);
    writer.shutdownNow();
    if (written) file.close();
    else log.atWarn().log("the last audit records could not be written");
  }
}
