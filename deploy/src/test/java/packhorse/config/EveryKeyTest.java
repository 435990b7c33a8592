package packhorse.config;

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

/// Every key is read once with a value that is not its default, its default is recorded, and it is
/// documented. A new key fails here until all three are done.
class EveryKeyTest {
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PASSWORD",
          "abc",
          "TOKEN",
          "sha256:" + "0".repeat(64),
          "KEY",
          SupportFiles.CI,
          "KEY_OF_STATE",
          "abcdefghijklmnop",
          "HASH",
          SupportFiles.PASSWORD_HASH);

  /// These say what something is, and have no default.
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
  static void files() throws IOException {
    SupportFiles.write(folder);
    for (String name : new String[] {"defaults", "every-key", "one-site"}) {
      Files.copy(
          Golden.resources().resolve("keys/" + name + ".yaml"), folder.resolve(name + ".yaml"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"defaults", "every-key", "one-site"})
  void the_effective_configuration_is_the_one_that_is_written_down(String name)
      throws InvalidSettings {
    Golden.check("keys/" + name + ".effective", effective(name).replace(folder.toString(), "/DIR"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"defaults", "every-key", "one-site"})
  void the_effective_configuration_means_the_same(String name) throws Exception {
    String once = effective(name);
    Path file = Files.writeString(folder.resolve("again.yaml"), once);
    assertThat(EffectiveSettings.print(SettingsReader.read(file, ENVIRONMENT))).isEqualTo(once);
  }

  @Test
  void no_secret_is_in_the_effective_configuration_or_in_any_text_of_the_settings()
      throws InvalidSettings {
    Settings settings = SettingsReader.read(folder.resolve("every-key.yaml"), ENVIRONMENT);
    assertThat(EffectiveSettings.print(settings) + settings)
        .doesNotContain("abc", "argon2", "sha256:");
  }

  @Test
  void every_key_is_there_in_some_file() throws InvalidSettings {
    assertThat(asked()).allSatisfy((shape, there) -> assertThat(there).as(shape).isTrue());
  }

  @Test
  void no_value_is_its_default() throws InvalidSettings {
    Map<String, Object> defaults = leaves("defaults");
    Map<String, Object> others = leaves("every-key");
    defaults.keySet().removeAll(WITHOUT_DEFAULT);
    assertThat(defaults).isNotEmpty();
    for (String key : defaults.keySet()) {
      if (others.containsKey(key)) {
        assertThat(others.get(key)).as(key).isNotEqualTo(defaults.get(key));
      }
    }
  }

  @Test
  void every_key_is_documented_and_no_other() throws Exception {
    assertThat(ConfigPage.rows().keySet())
        .containsExactlyInAnyOrderElementsOf(
            asked().keySet().stream().filter(shape -> !ofReference(shape)).toList());
  }

  @Test
  void the_documented_defaults_are_the_defaults() throws Exception {
    Map<String, String> documented = ConfigPage.rows();
    leaves("defaults")
        .forEach((key, value) -> {
          String shape = ConfigPage.shape(key);
          if (!WITHOUT_DEFAULT.contains(key) && documented.containsKey(shape)) {
            assertThat(documented.get(shape)).as(shape).contains(shown(value));
          }
        });
  }

  private static String shown(Object value) {
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      return value.equals(List.of()) || value.equals(Map.of()) ? "none" : "";
    }
    String text = value.toString();
    return text.startsWith(folder.toString()) || text.contains("127.0.0.1") || text.contains("test")
        ? ""
        : "`" + text + "`";
  }

  /// Documented once, as `{ file: path }` and `{ env: NAME }`.
  private static boolean ofReference(String shape) {
    return shape.matches(".*(password|key|keys\\[]|tokens\\[])\\.(file|env)");
  }

  private static Map<String, Boolean> asked() throws InvalidSettings {
    Problems all = new Problems();
    for (String name : new String[] {"defaults", "every-key", "one-site"}) {
      Problems problems = new Problems();
      SettingsReader.read(folder.resolve(name + ".yaml"), ENVIRONMENT, problems);
      problems.asked().forEach(all::ask);
    }
    return all.asked();
  }

  private static String effective(String name) throws InvalidSettings {
    return EffectiveSettings.print(
        SettingsReader.read(folder.resolve(name + ".yaml"), ENVIRONMENT));
  }

  private static Map<String, Object> leaves(String name) throws InvalidSettings {
    Map<String, Object> leaves = new TreeMap<>();
    Object root = new Load(LoadSettings.builder().build()).loadFromString(effective(name));
    leaves("", root, leaves);
    return leaves;
  }

  private static void leaves(String key, Object value, Map<String, Object> leaves) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((name, below) -> leaves(Cursor.below(key, name.toString()), below, leaves));
    } else {
      leaves.put(key, value);
    }
  }
}
