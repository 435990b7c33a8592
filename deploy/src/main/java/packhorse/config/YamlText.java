package packhorse.config;

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

/// From a file to the nodes of its one YAML 1.2 document, which know their places.
final class YamlText {
  private YamlText() {}

  /// The root; empty where there is none, which is a problem then.
  static Optional<Node> read(Path file, Problems problems) {
    return text(file, problems).flatMap(text -> compose(text, problems));
  }

  private static Optional<String> text(Path file, Problems problems) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (NoSuchFileException missing) {
      problems.error("", "no such file");
    } catch (AccessDeniedException denied) {
      problems.error("", "permission to read it is denied");
    } catch (CharacterCodingException binary) {
      problems.error("", "is not UTF-8");
    } catch (IOException unreadable) {
      problems.error("", "cannot be read: " + unreadable.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<Node> compose(String text, Problems problems) {
    List<Node> documents = new ArrayList<>();
    try {
      new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
          .composeAllFromString(text)
          .forEach(documents::add);
    } catch (MarkedYamlEngineException malformed) {
      String message = "is no YAML: " + malformed.getProblem();
      problems.error(malformed.getProblemMark(), "", message, Optional.empty());
      return Optional.empty();
    } catch (YamlEngineException malformed) {
      problems.error("", "is no YAML: " + malformed.getMessage());
      return Optional.empty();
    }
    if (documents.isEmpty()) {
      problems.error("", "is empty");
      return Optional.empty();
    }
    if (documents.size() > 1) {
      String message = "a second document begins here; one file is one configuration";
      problems.error(documents.get(1).getStartMark(), "", message, Optional.empty());
    }
    return Optional.of(documents.getFirst());
  }
}
