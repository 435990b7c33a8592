package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.config.model.Settings;
import packhorse.config.read.SettingsReader;

/// The configuration of the demo, read as the proxy reads it.
final class DemoConfigurationTest {
  @TempDir Path folder;

  @Test
  void the_configuration_is_valid_without_warnings() throws Exception {
    Files.createDirectory(folder.resolve("repositories"));
    try (JGitNode one = JGitNode.start("node-1", folder, event -> {});
        JGitNode two = JGitNode.start("node-2", folder, event -> {})) {
      Path file =
          DemoConfiguration.write(folder, new DemoPorts(8080, 2222, 9400), List.of(one, two));
      Settings settings = SettingsReader.read(file);
      assertThat(settings.warnings()).isEmpty();
      assertThat(settings.pool("demo").nodes()).hasSize(2);
      assertThat(settings.users()).hasSize(2);
    }
  }
}
