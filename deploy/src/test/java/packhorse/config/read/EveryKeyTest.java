package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import packhorse.config.check.ProblemCollector;
import packhorse.config.model.Settings;

/// Tests that every key is read once with a value that is not its default, that its default is
/// recorded, and that it is documented. A new key fails here until all three are done.
class EveryKeyTest {
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PASSWORD",
          "abc",
          "TOKEN",
          "sha256:" + "0".repeat(64),
          "KEY",
          SupportFiles.CI_KEY,
          "KEY_OF_STATE",
          SupportFiles.STATE_KEY,
          "HASH",
          SupportFiles.PASSWORD_HASH);

  /// Keys without a default, because they state what something is.
  private static final Set<String> WITHOUT_DEFAULT =
      Set.of(
          "listeners.http.protocol",
          "listeners.https.protocol",
          "listeners.ssh.protocol",
          "listeners.ssh.site",
          "listeners.status.protocol",
          "pools.main.kind",
          "sites.code.pool");

  @TempDir static Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    SupportFiles.write(folder);
    for (String name : new String[] {"defaults", "every-key", "one-site"}) {
      Files.copy(
          GoldenFile.resources().resolve("keys/" + name + ".yaml"), folder.resolve(name + ".yaml"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"defaults", "every-key", "one-site"})
  void the_printed_configuration_equals_the_recorded_one(String name)
      throws InvalidSettingsException {
    GoldenFile.check("keys/" + name + ".effective", print(name).replace(folder.toString(), "/DIR"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"defaults", "every-key", "one-site"})
  void the_printed_configuration_reads_back_as_the_same_settings(String name) throws Exception {
    String printed = print(name);
    Path file = Files.writeString(folder.resolve("again.yaml"), printed);
    assertThat(SettingsPrinter.print(SettingsReader.read(file, ENVIRONMENT))).isEqualTo(printed);
  }

  @Test
  void no_secret_is_in_the_printed_configuration_or_in_the_settings_as_a_string()
      throws InvalidSettingsException {
    Settings settings = SettingsReader.read(folder.resolve("every-key.yaml"), ENVIRONMENT);
    assertThat(SettingsPrinter.print(settings) + settings)
        .doesNotContain("abc", "argon2", "sha256:");
  }

  @Test
  void every_key_is_present_in_some_file() throws InvalidSettingsException {
    assertThat(lookups()).allSatisfy((shape, present) -> assertThat(present).as(shape).isTrue());
  }

  @Test
  void no_value_of_the_file_with_every_key_is_its_default() throws InvalidSettingsException {
    Map<String, Object> defaults = leaves("defaults");
    Map<String, Object> values = leaves("every-key");
    defaults.keySet().removeAll(WITHOUT_DEFAULT);
    assertThat(defaults).isNotEmpty();
    for (String key : defaults.keySet()) {
      if (values.containsKey(key)) {
        assertThat(values.get(key)).as(key).isNotEqualTo(defaults.get(key));
      }
    }
  }

  @Test
  void exactly_the_keys_that_are_read_are_documented() throws Exception {
    assertThat(ConfigPage.rows().keySet())
        .containsExactlyInAnyOrderElementsOf(
            lookups().keySet().stream().filter(shape -> !isInReference(shape)).toList());
  }

  @Test
  void the_documented_defaults_are_the_actual_defaults() throws Exception {
    Map<String, String> documented = ConfigPage.rows();
    leaves("defaults")
        .forEach((key, value) -> {
          String shape = ConfigPage.shape(key);
          if (!WITHOUT_DEFAULT.contains(key) && documented.containsKey(shape)) {
            assertThat(documented.get(shape)).as(shape).contains(documented(value));
          }
        });
  }

  private static String documented(Object value) {
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      return value.equals(List.of()) || value.equals(Map.of()) ? "none" : "";
    }
    String text = value.toString();
    return text.startsWith(folder.toString()) || text.contains("127.0.0.1") || text.contains("test")
        ? ""
        : "`" + text + "`";
  }

  /// Whether the key is one of a reference, which is documented once for all references.
  private static boolean isInReference(String shape) {
    return shape.matches(".*(password|key|key\\[]|keys\\[]|tokens\\[])\\.(file|env)");
  }

  private static Map<String, Boolean> lookups() throws InvalidSettingsException {
    ProblemCollector all = new ProblemCollector();
    for (String name : new String[] {"defaults", "every-key", "one-site"}) {
      ProblemCollector problems = new ProblemCollector();
      SettingsReader.read(folder.resolve(name + ".yaml"), ENVIRONMENT, problems);
      problems.lookups().forEach(all::recordLookup);
    }
    return all.lookups();
  }

  private static String print(String name) throws InvalidSettingsException {
    return SettingsPrinter.print(SettingsReader.read(folder.resolve(name + ".yaml"), ENVIRONMENT));
  }

  private static Map<String, Object> leaves(String name) throws InvalidSettingsException {
    Map<String, Object> leaves = new TreeMap<>();
    Object root = new Load(LoadSettings.builder().build()).loadFromString(print(name));
    leaves("", root, leaves);
    return leaves;
  }

  private static void leaves(String key, Object value, Map<String, Object> leaves) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((name, below) -> leaves(YamlValue.childKey(key, name.toString()), below, leaves));
    } else {
      leaves.put(key, value);
    }
  }
}
