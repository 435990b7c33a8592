package packhorse.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Text files as various editors save them, and the words for those that cannot be read or written.
final class TextFileTest {
  @TempDir Path folder;

  @Test
  void a_byte_order_mark_is_left_out() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "\ufeffone\r\ntwo\ufeff\r\n");
    assertThat(TextFile.read(file)).isEqualTo("one\r\ntwo\ufeff\r\n");
  }

  @Test
  void utf_16_is_reported_as_such() throws IOException {
    Path file = folder.resolve("a");
    Files.write(file, "one".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> TextFile.read(file))
        .hasMessage("file " + file + " is UTF-16 text; save it as UTF-8");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 'a', 0});
    assertThatThrownBy(() -> TextFile.read(file)).hasMessageContaining("UTF-16");
  }

  @Test
  void a_file_that_cannot_be_read_is_reported_with_the_reason() throws IOException {
    assertThatThrownBy(() -> TextFile.read(folder.resolve("gone")))
        .hasMessage("file " + folder + "/gone does not exist");
    assertThatThrownBy(() -> TextFile.read(folder))
        .hasMessage("file " + folder + " is not a regular file");
    Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0x80, 'a'});
    assertThatThrownBy(() -> TextFile.read(file)).hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void a_problem_never_consists_of_a_path_alone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(reason(() -> Files.createDirectories(file.resolve("a/b"))))
        .isEqualTo("not a directory");
    assertThat(reason(() -> Files.createDirectories(file)))
        .isEqualTo("a file with this name exists");
    assertThat(reason(() -> Files.writeString(folder.resolve("a/b"), "")))
        .isEqualTo("no such file or folder");
    assertThat(reason(() -> new FileOutputStream(folder.toFile()).close()))
        .isEqualTo("is a directory");
    assertThat(
            FileProblem.at("state.directory", file, "created", new AccessDeniedException("/x"))
                .getMessage())
        .isEqualTo("state.directory: " + file + " cannot be created: permission denied");
  }

  private interface Operation {
    void run() throws IOException;
  }

  private static String reason(Operation operation) {
    try {
      operation.run();
    } catch (IOException e) {
      return FileProblem.reason(e);
    }
    throw new AssertionError("the operation succeeded");
  }
}
