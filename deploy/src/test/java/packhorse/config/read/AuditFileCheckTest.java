package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.config.model.Problem;

/// What audit records may be written to.
final class AuditFileCheckTest {
  @TempDir Path folder;

  private List<String> problems(Path auditFile) throws IOException {
    Path file = folder.resolve("p.yaml");
    Files.writeString(
        file,
        """
        public-url: "http://code.test"
        listeners: { http: { address: "127.0.0.1:80" } }
        pools: { main: { kind: plain, nodes: { a: "http://127.0.0.1:1" } } }
        audit: { file: "%s" }
        """
            .formatted(auditFile));
    try {
      return SettingsReader.read(file, Map.of()).warnings().stream().map(Problem::message).toList();
    } catch (InvalidSettingsException e) {
      return e.problems().stream().map(Problem::message).toList();
    }
  }

  @Test
  void a_pipe_and_a_folder_are_refused() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(problems(pipe))
        .containsExactly(pipe + " is neither a regular file nor a character device");
    assertThat(problems(folder))
        .containsExactly(folder + " is neither a regular file nor a character device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/null", "p.yaml", "new.jsonl"})
  void a_device_and_a_file_are_allowed(String name) throws Exception {
    assertThat(problems(folder.resolve(name))).isEmpty();
  }
}
