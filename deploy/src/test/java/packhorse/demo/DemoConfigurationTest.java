package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.config.Settings;
import packhorse.config.SettingsReader;

final class DemoConfigurationTest {
  @TempDir Path folder;

  @Test
  void it_is_valid_without_a_warning() throws Exception {
    Files.createDirectory(folder.resolve("repositories"));
    try (JGitNode one = JGitNode.start("node-1", folder, answer -> {});
        JGitNode two = JGitNode.start("node-2", folder, answer -> {})) {
      Path file =
          DemoConfiguration.write(folder, new DemoPorts(8080, 2222, 9400), List.of(one, two));
      Settings settings = SettingsReader.read(file);
      assertThat(settings.warnings()).isEmpty();
      assertThat(settings.pool("demo").nodes()).hasSize(2);
      assertThat(settings.users()).hasSize(2);
    }
  }
}
