package packhorse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.config.model.Settings;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsReader;
import packhorse.request.OpenFileLimit;

/// When the start warns of the number of files that the process may have open.
final class OpenFileCheckTest {
  @TempDir Path folder;

  private Settings settings() throws IOException, InvalidSettingsException {
    Path file = folder.resolve("p.yaml");
    Files.writeString(
        file,
        """
        public-url: "http://code.test"
        listeners: { http: { address: "127.0.0.1:80" } }
        pools: { main: { kind: plain, nodes: { a: "http://127.0.0.1:1" } } }
        limits: { connections: 1000 }
        """);
    return SettingsReader.read(file, Map.of());
  }

  @Test
  void a_limit_below_two_files_for_each_connection_is_warned_of() throws Exception {
    assertThat(OpenFileCheck.warning(settings(), OptionalLong.of(2000)).orElseThrow())
        .isEqualTo(
            "the limit of 2000 open files (ulimit -n) is too low: limits.connections: 1000 may"
                + " need 2256");
    assertThat(OpenFileCheck.warning(settings(), OptionalLong.of(2256))).isEmpty();
    assertThat(OpenFileCheck.warning(settings(), OptionalLong.empty())).isEmpty();
  }

  @Test
  void the_limit_of_this_process_is_read() {
    assertThat(OpenFileLimit.current().orElse(1)).isPositive();
  }
}
