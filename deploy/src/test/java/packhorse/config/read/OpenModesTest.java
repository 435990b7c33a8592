package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.config.model.Problem;

/// Warnings of secrets that every user of the machine can read.
class OpenModesTest {
  private static final Set<String> SECRETS =
      Set.of(
          "state.directory",
          "state.key",
          "audit.file",
          "listeners.https.key",
          "listeners.ssh.host-keys",
          "pools.main.act-as.basic.password",
          "users.alice.password",
          "users.alice.tokens[1]");

  @TempDir Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    SupportFiles.write(folder);
    Files.copy(folder.resolve("tls/git.key"), folder.resolve("host-keys/key"));
    Files.createDirectories(folder.resolve("state"));
    Files.writeString(folder.resolve("audit.jsonl"), "");
    file =
        Files.writeString(
            folder.resolve("packhorse.yaml"),
            """
            public-url: "https://code.test"
            listeners:
              https: { address: "127.0.0.1:443", certificate: tls/git.pem, key: tls/git.key }
              ssh: { address: "127.0.0.1:22", host-keys: host-keys }
            pools:
              main: { kind: plain, authentication: proxy, nodes: { a: "http://127.0.0.1:3000" },
                      act-as: { basic: { user: svc, password: { file: secrets/plain } } } }
            users:
              alice: { password: { file: secrets/alice.hash }, keys: [ { file: keys/alice.pub } ],
                       tokens: [ { file: secrets/ci-token-1.hash } ] }
            policy: [ { deny: [ all ] } ]
            state: { key: { file: secrets/state-key } }
            audit: { file: audit.jsonl }
            """);
  }

  private void setModes(String ofFiles, String ofFolders) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.toList()) {
        String mode = Files.isDirectory(path) ? ofFolders : ofFiles;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      }
    }
  }

  private List<Problem> openFiles() throws InvalidSettingsException {
    return SettingsReader.read(file, Map.of()).warnings().stream()
        .filter(warning -> warning.message().contains("is open to every user"))
        .toList();
  }

  @Test
  void every_secret_that_others_can_read_is_warned_of() throws Exception {
    setModes("rw-r--r--", "rwxr-xr-x");
    assertThat(openFiles().stream().map(Problem::key).collect(Collectors.toSet()))
        .isEqualTo(SECRETS);
    assertThat(openFiles())
        .extracting(Problem::message)
        .contains(
            folder + "/secrets/alice.hash is open to every user of this machine (mode rw-r--r--)");
  }

  @Test
  void secrets_of_owner_and_group_are_not_warned_of() throws Exception {
    setModes("rw-r-----", "rwxr-x---");
    assertThat(openFiles()).isEmpty();
    setModes("rw-r--r--", "rwxr-x---");
    assertThat(openFiles()).isEmpty();
  }
}
