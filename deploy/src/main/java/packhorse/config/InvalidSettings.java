package packhorse.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Thrown by [SettingsReader] for a file that cannot be used; holds everything that is wrong with
/// it.
public final class InvalidSettings extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final transient List<Problem> problems;

  InvalidSettings(Path file, List<Problem> problems) {
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
