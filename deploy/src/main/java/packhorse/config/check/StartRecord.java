package packhorse.config.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What a start leaves in the state directory: the file `packhorse-state`. Its presence says that
/// the proxy has been started before, so that missing host keys must have been lost; its lines are
/// the host keys that clients have seen since. Written by `StateDirectory` and read by the checks
/// of the configuration.
///
/// @param lines the host keys, each as `LISTENER TYPE FINGERPRINT`
public record StartRecord(List<String> lines) {
  private static final String FILE = "packhorse-state";
  private static final String FORMAT = "1";

  public StartRecord {
    lines = List.copyOf(lines);
  }

  /// Returns the path of the file.
  public static Path file(Path stateDirectory) {
    return stateDirectory.resolve(FILE);
  }

  /// Reads the record of the last start; empty if there was none.
  ///
  /// @throws IOException if the file cannot be read
  public static Optional<StartRecord> read(Path stateDirectory) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file(stateDirectory));
      return Optional.of(new StartRecord(lines.subList(Math.min(1, lines.size()), lines.size())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /// Writes the record, if it is not the same as the one that is there.
  ///
  /// @throws IOException if the file cannot be written
  public void write(Path stateDirectory) throws IOException {
    if (read(stateDirectory).equals(Optional.of(this))) return;
    List<String> content = new ArrayList<>(List.of(FORMAT));
    content.addAll(lines);
    Files.write(file(stateDirectory), content);
  }

  /// Returns this record with the host keys of a listener.
  ///
  /// @param keys each as `TYPE FINGERPRINT`
  public StartRecord with(String listener, List<String> keys) {
    var all = new TreeSet<>(lines);
    keys.forEach(key -> all.add(listener + " " + key));
    return new StartRecord(List.copyOf(all));
  }

  /// Returns the host keys of a listener, each as `TYPE FINGERPRINT`.
  public List<String> hostKeys(String listener) {
    return lines.stream()
        .filter(line -> line.startsWith(listener + " "))
        .map(line -> line.substring(listener.length() + 1))
        .toList();
  }
}
