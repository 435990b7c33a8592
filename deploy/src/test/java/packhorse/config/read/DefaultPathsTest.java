package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Reference;
import packhorse.config.model.Secret;
import packhorse.config.model.Settings;

/// Tests the default paths of the state and the control socket.
class DefaultPathsTest {
  private static final Map<String, String> SYSTEMD =
      Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b", "RUNTIME_DIRECTORY", "/run/a");

  @TempDir Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void writeFile() throws IOException {
    file =
        Files.writeString(
            folder.resolve("packhorse.yaml"),
            """
            public-url: "https://code.test"
            listeners: { ssh: { address: "127.0.0.1:22" } }
            pools: { main: { kind: plain, nodes: { a: "http://127.0.0.1:3000" } } }
            policy: [ { allow: [ all ] } ]
            """);
  }

  @Test
  void the_folders_of_systemd_are_used() throws InvalidSettingsException {
    Settings settings = SettingsReader.read(file, SYSTEMD);
    assertThat(settings.state().directory()).isEqualTo(Path.of("/var/lib/a"));
    assertThat(settings.controlSocket()).isEqualTo(Path.of("/run/a/control.sock"));
    assertThat(settings.listeners())
        .extracting(l -> ((ListenerSettings.Ssh) l).hostKeyFolder())
        .containsExactly(Path.of("/var/lib/a/host-keys"));
  }

  @Test
  void without_systemd_the_folder_of_the_file_is_used() throws InvalidSettingsException {
    Settings settings = SettingsReader.read(file, Map.of());
    assertThat(settings.state().directory()).isEqualTo(folder.resolve("state"));
    assertThat(settings.controlSocket()).isEqualTo(folder.resolve("control.sock"));
  }

  @Test
  void the_control_socket_is_read_without_the_rest_of_the_file() throws Exception {
    Files.writeString(file, "control: run/c.sock\nusers: { a: { password: { file: gone } } }\n");
    assertThat(SettingsReader.readControlSocket(file, SYSTEMD))
        .isEqualTo(folder.resolve("run/c.sock"));
    Files.writeString(file, "users: {}\n");
    assertThat(SettingsReader.readControlSocket(file, SYSTEMD))
        .isEqualTo(Path.of("/run/a/control.sock"));
    Files.writeString(file, "control: {}\n");
    assertThatThrownBy(() -> SettingsReader.readControlSocket(file, SYSTEMD))
        .isInstanceOf(InvalidSettingsException.class);
  }

  @Test
  void the_current_value_of_a_secret_is_read_from_its_file_again() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "old\n");
    Secret read = new Secret(new Reference.InFile(secret), "old");
    Files.writeString(secret, "new\n");
    assertThat(read.currentValue()).isEqualTo("new");
    Files.delete(secret);
    assertThatThrownBy(read::currentValue)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file " + secret + " does not exist");
  }
}
