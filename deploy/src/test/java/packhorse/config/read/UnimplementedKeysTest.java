package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests that keys and values that are not implemented yet are rejected by name. A change that
/// implements one of them removes it from the list here too.
class UnimplementedKeysTest {
  private static final Set<String> LIST =
      Set.of(
          "audit.copy-to",
          "audit.keep",
          "audit.rotate",
          "audit.when-failing",
          "cache",
          "fact=gitea",
          "fact=gitlab",
          "fact=gogs",
          "fact=jwt",
          "fact=login",
          "identity",
          "limits.packs",
          "listeners.*.certificates",
          "listeners.*.forwarded",
          "listeners.*.proxy-protocol",
          "placement[].groups",
          "placement[].home",
          "policy[].repositories[]={job}",
          "pools.*.act-as.certificates",
          "pools.*.act-as=user-keys",
          "pools.*.admin-token",
          "pools.*.capacity",
          "pools.*.deploy-keys",
          "pools.*.kind=gitea",
          "pools.*.kind=gitlab",
          "pools.*.nodes.*.admin-token",
          "pools.*.nodes.*.ssh",
          "pools.*.queue",
          "shared-state",
          "webhooks");

  @TempDir Path folder = Path.of("");

  static Set<String> list() {
    return LIST;
  }

  @Test
  void the_list_is_complete() {
    assertThat(UnimplementedKeys.ALL).isEqualTo(LIST);
  }

  @ParameterizedTest
  @MethodSource("list")
  void an_unimplemented_key_or_value_is_rejected_by_name(String entry) throws IOException {
    String shape = entry.replace("fact=", "groups.*[]=");
    String key = shape.replaceFirst("=.*", "");
    String word = shape.contains("=") ? shape.substring(key.length() + 1) : "";
    String value = entry.startsWith("fact=") ? word + ":x" : word.isEmpty() ? "x" : word;
    Path file = Files.writeString(folder.resolve("x.yaml"), yaml(key, value));
    InvalidSettingsException invalid =
        catchThrowableOfType(
            InvalidSettingsException.class, () -> SettingsReader.read(file, Map.of()));
    String place = key.replace("*", "x").replace("[]", "[1]");
    assertThat(invalid.problems())
        .extracting(p -> p.key() + ": " + p.message())
        .contains(place + ": " + (word.isEmpty() ? "" : word + ": ") + "not implemented yet");
  }

  /// Returns `a.*.b[].c` as a document: `{"a": {"x": {"b": [{"c": "VALUE"}]}}}`.
  private static String yaml(String key, String value) {
    String text = "\"" + value + "\"";
    String[] parts = key.replace("*", "x").replace("[]", ".[]").split("\\.", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      text = parts[i].equals("[]") ? "[" + text + "]" : "{\"" + parts[i] + "\": " + text + "}";
    }
    return text;
  }
}
