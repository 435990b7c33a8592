package packhorse.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where state and the control socket are when the file does not say.
class PlacesTest {
  private static final Map<String, String> SYSTEMD =
      Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b", "RUNTIME_DIRECTORY", "/run/a");

  @TempDir Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
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
  void systemd_says_where() throws InvalidSettings {
    Settings settings = SettingsReader.read(file, SYSTEMD);
    assertThat(settings.state().directory()).isEqualTo(Path.of("/var/lib/a"));
    assertThat(settings.control()).isEqualTo(Path.of("/run/a/control.sock"));
    assertThat(settings.listeners())
        .extracting(l -> ((ListenerSettings.Ssh) l).hostKeys())
        .containsExactly(Path.of("/var/lib/a/host-keys"));
  }

  @Test
  void without_systemd_they_are_beside_the_file() throws InvalidSettings {
    Settings settings = SettingsReader.read(file, Map.of());
    assertThat(settings.state().directory()).isEqualTo(folder.resolve("state"));
    assertThat(settings.control()).isEqualTo(folder.resolve("control.sock"));
  }

  @Test
  void the_control_socket_is_found_without_reading_the_rest() throws Exception {
    Files.writeString(file, "control: run/c.sock\nusers: { a: { password: { file: gone } } }\n");
    assertThat(SettingsReader.control(file, SYSTEMD)).isEqualTo(folder.resolve("run/c.sock"));
    Files.writeString(file, "users: {}\n");
    assertThat(SettingsReader.control(file, SYSTEMD)).isEqualTo(Path.of("/run/a/control.sock"));
    Files.writeString(file, "control: {}\n");
    assertThatThrownBy(() -> SettingsReader.control(file, SYSTEMD))
        .isInstanceOf(InvalidSettings.class);
  }

  @Test
  void a_secret_is_what_its_file_says_now() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "old\n");
    Secret read = new Secret(new Reference.InFile(secret), "old");
    Files.writeString(secret, "new\n");
    assertThat(read.current()).contains("new");
    Files.delete(secret);
    assertThat(read.current()).isEmpty();
  }
}
