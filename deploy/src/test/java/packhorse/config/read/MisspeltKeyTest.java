package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import packhorse.config.check.ProblemCollector;

/// Tests that every key, if misspelt, is reported at its position with the right suggestion. The
/// keys of two files are misspelt in some ways, one at a time.
class MisspeltKeyTest {
  private record Occurrence(String word, int line, int column) {}

  private record Key(Occurrence occurrence, int index) {
    String word() {
      return occurrence.word();
    }
  }

  @TempDir static Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    SupportFiles.write(folder);
  }

  static Stream<String> names() {
    return Stream.of("every-key", "one-site");
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_misspelt_key_is_reported_with_the_right_suggestion(String name) throws Exception {
    String text = Files.readString(GoldenFile.resources().resolve("keys/" + name + ".yaml"));
    Path file = Files.writeString(folder.resolve(name + ".yaml"), text);
    ProblemCollector problems = new ProblemCollector();
    SettingsReader.read(file, EveryKeyTest.ENVIRONMENT, problems);
    List<Key> keys = new ArrayList<>();
    collect(root(text), "", problems.lookups(), keys);
    assertThat(keys).hasSizeGreaterThan(20);
    for (Key key : keys) {
      for (String wrong : misspellings(key.word())) {
        if (wrong.equals(key.word())
            || UnimplementedKeys.ALL.stream().anyMatch(k -> k.endsWith(wrong))) {
          continue;
        }
        Files.writeString(
            file,
            text.substring(0, key.index())
                + wrong
                + text.substring(key.index() + key.word().length()));
        assertThat(unknownKeys(file)).as(wrong).contains(key.occurrence());
      }
    }
  }

  private static Set<String> misspellings(String word) {
    Set<String> all = new LinkedHashSet<>();
    all.add(word + "s");
    all.add("x" + word);
    all.add(word.charAt(1) + word.substring(0, 1) + word.substring(2));
    if (word.length() > 3) {
      all.add(word.substring(0, 1) + word.substring(2));
      all.add(word.substring(0, word.length() - 1));
    }
    return all;
  }

  /// Returns the suggestion and the position of every unknown key.
  private static List<Occurrence> unknownKeys(Path file) {
    try {
      SettingsReader.read(file, EveryKeyTest.ENVIRONMENT);
      return List.of();
    } catch (InvalidSettingsException invalid) {
      return invalid.problems().stream()
          .filter(p -> p.message().equals("unknown key"))
          .map(p -> new Occurrence(p.suggestion().orElse("nothing"), p.line(), p.column()))
          .toList();
    }
  }

  private static Node root(String text) {
    return new Compose(LoadSettings.builder().build()).composeString(text).orElseThrow();
  }

  private static void collect(Node node, String shape, Map<String, Boolean> known, List<Key> keys) {
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(item -> collect(item, shape + "[]", known, keys));
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        ScalarNode name = (ScalarNode) tuple.getKeyNode();
        String fixed = YamlValue.childKey(shape, name.getValue());
        if (known.containsKey(fixed)) {
          Mark mark = name.getStartMark().orElseThrow();
          Occurrence occurrence =
              new Occurrence(name.getValue(), mark.getLine() + 1, mark.getColumn() + 1);
          keys.add(new Key(occurrence, mark.getIndex()));
          collect(tuple.getValueNode(), fixed, known, keys);
        } else {
          collect(tuple.getValueNode(), YamlValue.childKey(shape, "*"), known, keys);
        }
      }
    }
  }
}
