package packhorse.config.read;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import packhorse.config.model.Problem;

/// Thrown by [SettingsReader] for a configuration file that cannot be used. Holds all problems of
/// the file.
public final class InvalidSettingsException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final transient List<Problem> problems;

  InvalidSettingsException(Path file, List<Problem> problems) {
    super(
        problems.stream()
            .map(p -> p.format(file))
            .collect(Collectors.joining(System.lineSeparator())));
    this.file = file;
    this.problems = List.copyOf(problems);
  }

  /// The file that was read.
  public Path file() {
    return file;
  }

  /// Errors and warnings, in the order of the file; at least one is an error.
  public List<Problem> problems() {
    return problems;
  }
}
