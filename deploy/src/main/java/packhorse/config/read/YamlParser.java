package packhorse.config.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import packhorse.config.check.ProblemCollector;
import packhorse.file.TextFile;

/// Parses a file that consists of one YAML 1.2 document into nodes. Every node knows its position
/// in the file, so that problems can be reported with line and column.
final class YamlParser {
  private YamlParser() {}

  /// Returns the root node. Empty if the file cannot be read, is not valid YAML, or is empty; that
  /// has then been reported to `problems`.
  static Optional<Node> parse(Path file, ProblemCollector problems) {
    return readText(file, problems).flatMap(text -> compose(text, problems));
  }

  private static Optional<String> readText(Path file, ProblemCollector problems) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return Optional.of(TextFile.withoutByteOrderMark(text));
    } catch (NoSuchFileException missing) {
      problems.error("", "no such file");
    } catch (AccessDeniedException denied) {
      problems.error("", "permission denied");
    } catch (CharacterCodingException notUtf8) {
      problems.error("", "not valid UTF-8");
    } catch (IOException unreadable) {
      problems.error("", "cannot be read: " + unreadable.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<Node> compose(String text, ProblemCollector problems) {
    List<Node> documents = new ArrayList<>();
    try {
      // Keys that are not scalars are accepted here, so that YamlValue can report their position.
      new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
          .composeAllFromString(text)
          .forEach(documents::add);
    } catch (MarkedYamlEngineException malformed) {
      String message = "not valid YAML: " + malformed.getProblem();
      problems.error(malformed.getProblemMark(), "", message, Optional.empty());
      return Optional.empty();
    } catch (YamlEngineException malformed) {
      problems.error("", "not valid YAML: " + malformed.getMessage());
      return Optional.empty();
    }
    if (documents.isEmpty()) {
      problems.error("", "the file is empty");
      return Optional.empty();
    }
    if (documents.size() > 1) {
      String message = "a second YAML document begins here; a configuration is one document";
      problems.error(documents.get(1).getStartMark(), "", message, Optional.empty());
    }
    return Optional.of(documents.getFirst());
  }
}
