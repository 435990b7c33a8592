package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The audit file: what is written to it, and what happens when it cannot be written.
@Timeout(30)
final class AuditLogTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// A device to which every write fails as on a full disk.
  private static final Path FULL_DISK = Path.of("/dev/full");

  /// The number of bytes that a pipe of Linux holds.
  private static final int PIPE_BYTES = 64 * 1024;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("audit.jsonl");
  }

  @Test
  void the_file_is_readable_by_its_owner_only_and_appended_to() throws Exception {
    try (AuditLog log = new AuditLog(file())) {
      log.append("{\"id\":\"one\"}");
    }
    try (AuditLog log = new AuditLog(file())) {
      log.append("{\"id\":\"two\"}");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      assertThat(log.lostRecords()).isZero();
    }
    assertThat(AuditLog.find(file(), "one")).isPresent();
    assertThat(AuditLog.find(file(), "three")).isEmpty();
    assertThat(Files.readAllLines(file())).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void a_record_after_a_truncated_line_starts_on_a_new_line() throws Exception {
    Files.writeString(file(), "{\"id\":\"on");
    try (AuditLog log = new AuditLog(file())) {
      log.append("{\"id\":\"two\"}");
    }
    assertThat(Files.readAllLines(file())).containsExactly("{\"id\":\"on", "{\"id\":\"two\"}");
  }

  @Test
  void an_interrupted_thread_loses_no_record() throws Exception {
    try (AuditLog log = new AuditLog(file())) {
      Thread.currentThread().interrupt();
      log.append("{\"id\":\"one\"}");
      assertThat(Thread.interrupted()).isTrue();
      log.append("{\"id\":\"two\"}");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      assertThat(log.lostRecords()).isZero();
    }
    assertThat(Files.readAllLines(file())).hasSize(2);
  }

  @Test
  void records_that_a_full_disk_does_not_take_are_counted() throws Exception {
    try (AuditLog log = new AuditLog(FULL_DISK)) {
      for (int i = 0; i < 3; i++) log.append("{}");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      assertThat(log.lostRecords()).isEqualTo(3);
    }
  }

  @Test
  void records_follow_a_file_that_was_moved_away() throws Exception {
    Path moved = folder.resolve("audit.jsonl.1");
    try (AuditLog log = new AuditLog(file())) {
      log.append("one");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      Files.move(file(), moved);
      log.append("two");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      Files.move(file(), folder.resolve("audit.jsonl.2"));
      log.reopen();
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      assertThat(file()).isEmptyFile();
    }
    assertThat(Files.readAllLines(moved)).isEqualTo(List.of("one"));
    assertThat(Files.readAllLines(folder.resolve("audit.jsonl.2"))).isEqualTo(List.of("two"));
  }

  @Test
  void records_go_on_to_the_moved_file_while_no_new_one_can_be_created() throws Exception {
    Path audit = Files.createDirectory(folder.resolve("a")).resolve("audit.jsonl");
    Path moved = folder.resolve("b");
    try (AuditLog log = new AuditLog(audit)) {
      Files.move(folder.resolve("a"), moved);
      log.append("one");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      Files.createDirectory(folder.resolve("a"));
      log.append("two");
      assertThat(log.awaitWritten(LIMIT)).isTrue();
      assertThat(log.lostRecords()).isZero();
    }
    assertThat(moved.resolve("audit.jsonl")).hasContent("one");
    assertThat(audit).hasContent("two");
  }

  @Test
  void a_write_that_does_not_return_delays_no_request() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (var keptOpen = new RandomAccessFile(pipe.toFile(), "rw");
        AuditLog log = new AuditLog(pipe, 1000)) {
      fill(pipe);
      for (int i = 0; i < 5; i++) log.append("x".repeat(300));
      assertThat(log.lostRecords()).isEqualTo(2);
      assertThat(log.awaitWritten(Duration.ofMillis(10))).isFalse();
      byte[] filling = new byte[PIPE_BYTES];
      keptOpen.readFully(filling);
      assertThat(log.awaitWritten(LIMIT)).isTrue();
    }
  }

  private static void fill(Path pipe) throws IOException {
    try (OutputStream out = new FileOutputStream(pipe.toFile(), true)) {
      out.write("-".repeat(PIPE_BYTES).getBytes(StandardCharsets.US_ASCII));
    }
  }
}
