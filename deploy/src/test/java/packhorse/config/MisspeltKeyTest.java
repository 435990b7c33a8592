package packhorse.config;

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

/// Every key of the files with every key, misspelt in some ways, one at a time: it is found where
/// it is, and the right word is suggested.
class MisspeltKeyTest {
  private record Place(String word, int line, int column) {}

  private record Key(Place place, int index) {
    String word() {
      return place.word();
    }
  }

  @TempDir static Path folder;

  @BeforeAll
  static void files() throws IOException {
    SupportFiles.write(folder);
  }

  static Stream<String> names() {
    return Stream.of("every-key", "one-site");
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_misspelt_key_is_found_and_the_right_one_suggested(String name) throws Exception {
    String text = Files.readString(Golden.resources().resolve("keys/" + name + ".yaml"));
    Path file = Files.writeString(folder.resolve(name + ".yaml"), text);
    Problems problems = new Problems();
    SettingsReader.read(file, EveryKeyTest.ENVIRONMENT, problems);
    List<Key> keys = new ArrayList<>();
    collect(root(text), "", problems.asked(), keys);
    assertThat(keys).hasSizeGreaterThan(20);
    for (Key key : keys) {
      for (String wrong : misspellings(key.word())) {
        if (wrong.equals(key.word()) || NotBuilt.ALL.stream().anyMatch(k -> k.endsWith(wrong))) {
          continue;
        }
        Files.writeString(
            file,
            text.substring(0, key.index())
                + wrong
                + text.substring(key.index() + key.word().length()));
        assertThat(unknown(file)).as(wrong).contains(key.place());
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

  /// The keys that were meant by unknown ones, and where they are.
  private static List<Place> unknown(Path file) {
    try {
      SettingsReader.read(file, EveryKeyTest.ENVIRONMENT);
      return List.of();
    } catch (InvalidSettings invalid) {
      return invalid.problems().stream()
          .filter(p -> p.message().equals("unknown key"))
          .map(p -> new Place(p.suggestion().orElse("nothing"), p.line(), p.column()))
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
        String fixed = Cursor.below(shape, name.getValue());
        if (known.containsKey(fixed)) {
          Mark mark = name.getStartMark().orElseThrow();
          Place place = new Place(name.getValue(), mark.getLine() + 1, mark.getColumn() + 1);
          keys.add(new Key(place, mark.getIndex()));
          collect(tuple.getValueNode(), fixed, known, keys);
        } else {
          collect(tuple.getValueNode(), Cursor.below(shape, "*"), known, keys);
        }
      }
    }
  }
}
