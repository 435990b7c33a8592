package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import packhorse.config.model.Problem;

/// Tests that each `config/NAME.yaml` has exactly the problems of `config/NAME.problems`.
class ProblemFilesTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("GOOD", "abc", "BLANK", "abc ");

  @TempDir static Path folder;

  @BeforeAll
  static void writeSupportFiles() throws IOException {
    SupportFiles.write(folder);
  }

  static Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(GoldenFile.resources().resolve("config"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.substring(0, name.length() - 5))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_file_has_exactly_the_recorded_problems(String name) throws IOException {
    Path file = folder.resolve(name + ".yaml");
    Files.copy(GoldenFile.resources().resolve("config/" + name + ".yaml"), file);
    GoldenFile.check("config/" + name + ".problems", text(file));
  }

  @Test
  void a_missing_file_is_one_problem() {
    Path file = folder.resolve("nowhere.yaml");
    assertThat(problems(file))
        .extracting(p -> p.format(Path.of("x.yaml")))
        .containsExactly("x.yaml: no such file");
  }

  @Test
  void positions_do_not_depend_on_how_an_editor_saves_the_file() throws IOException {
    String text = Files.readString(GoldenFile.resources().resolve("config/missing-keys.yaml"));
    Path plain = Files.writeString(folder.resolve("plain.yaml"), text);
    Path windows = folder.resolve("windows.yaml");
    Files.writeString(windows, "\ufeff" + text.replace("\n", "\r\n"));
    assertThat(text(windows)).isEqualTo(text(plain).replace("plain.yaml", "windows.yaml"));
  }

  @Test
  void a_file_in_another_encoding_is_reported_as_such() throws IOException {
    Path file = folder.resolve("latin-1.yaml");
    Files.writeString(file, "# Zürich\n", StandardCharsets.ISO_8859_1);
    assertThat(text(file)).isEqualTo("latin-1.yaml: not valid UTF-8\n");
  }

  @Test
  void the_minimal_example_lacks_only_its_certificate() throws IOException {
    assertThat(text(copy("packhorse.minimal.yaml")))
        .isEqualTo(
            """
            packhorse.minimal.yaml:3:49: listeners.https.certificate: file DIR/tls/fullchain.pem does not exist
            packhorse.minimal.yaml:3:73: listeners.https.key: file DIR/tls/privkey.pem does not exist
            packhorse.minimal.yaml:8:22: warning: pools.gogs.nodes.gogs-1: clients' passwords and tokens are sent unencrypted to this node
            packhorse.minimal.yaml:8:55: warning: pools.gogs.nodes.gogs-2: clients' passwords and tokens are sent unencrypted to this node
            packhorse.minimal.yaml:8:88: warning: pools.gogs.nodes.gogs-3: clients' passwords and tokens are sent unencrypted to this node
            """);
  }

  @Test
  void the_complete_example_has_no_errors_but_what_is_not_implemented() throws IOException {
    List<Problem> errors =
        problems(copy("packhorse.example.yaml")).stream()
            .filter(p -> p.severity() == Problem.Severity.ERROR)
            .toList();
    assertThat(errors).isNotEmpty();
    assertThat(errors)
        .extracting(Problem::message)
        .allMatch(m ->
            m.endsWith("not implemented yet")
                || m.startsWith("user names are not verified for pool \"gogs\""));
  }

  private static Path copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.copy(Path.of("../docs").resolve(name), file);
    return file;
  }

  private static List<Problem> problems(Path file) {
    try {
      return SettingsReader.read(file, ENVIRONMENT).warnings();
    } catch (InvalidSettingsException invalid) {
      return invalid.problems();
    }
  }

  private static String text(Path file) {
    Path name = Path.of(String.valueOf(file.getFileName()));
    return problems(file).stream()
        .map(p -> p.format(name).replace(folder.toString(), "DIR") + "\n")
        .collect(Collectors.joining());
  }
}
