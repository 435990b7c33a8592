package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.config.check.StartRecord;
import packhorse.config.model.Problem;
import packhorse.ssh.HostKeys;

/// Host keys that clients have seen at an earlier start and that are not there any more.
class LostHostKeysTest {
  private static final String LOST = "ssh-rsa SHA256:abc";

  @TempDir Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    SupportFiles.write(folder);
    file =
        Files.writeString(
            folder.resolve("packhorse.yaml"),
            """
            public-url: "https://code.test"
            listeners: { ssh: { address: "127.0.0.1:22", host-keys: host-keys } }
            pools: { main: { kind: plain, nodes: { a: "http://127.0.0.1:3000" } } }
            users: { alice: { keys: [ { file: keys/alice.pub } ] } }
            policy: [ { allow: [ all ] } ]
            """);
    Files.createDirectories(folder.resolve("state"));
  }

  private List<String> warnings() throws InvalidSettingsException {
    return SettingsReader.read(file, Map.of()).warnings().stream().map(Problem::message).toList();
  }

  @Test
  void before_the_first_start_there_need_not_be_any() throws InvalidSettingsException {
    assertThat(warnings()).isEmpty();
  }

  @Test
  void after_the_first_start_a_folder_without_keys_is_an_error() throws IOException {
    new StartRecord(List.of()).write(folder.resolve("state"));
    assertThatThrownBy(this::warnings)
        .isInstanceOfSatisfying(
            InvalidSettingsException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .contains("listeners.ssh.host-keys")
                    .contains("has no host key"));
  }

  @Test
  void a_single_key_that_is_gone_is_warned_of() throws Exception {
    Files.copy(folder.resolve("tls/git.key"), folder.resolve("host-keys/key"));
    List<String> present = HostKeys.read(folder.resolve("host-keys")).fingerprints();
    StartRecord record = new StartRecord(List.of()).with("ssh", present).with("ssh", List.of(LOST));
    record.write(folder.resolve("state"));
    assertThat(warnings()).singleElement().asString().startsWith(LOST + " is gone");
    assertThat(StartRecord.read(folder.resolve("state"))).contains(record);
  }

  @Test
  void the_keys_of_another_listener_are_not_missed() throws Exception {
    Files.copy(folder.resolve("tls/git.key"), folder.resolve("host-keys/key"));
    new StartRecord(List.of()).with("ssh-2", List.of(LOST)).write(folder.resolve("state"));
    assertThat(warnings()).isEmpty();
  }
}
