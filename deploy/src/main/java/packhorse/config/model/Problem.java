package packhorse.config.model;

import java.nio.file.Path;
import java.util.Optional;

/// An error or a warning about a configuration file.
///
/// @param line the line, counted from 1; 0 for the file as a whole
/// @param column the column, counted from 1; 0 for the file as a whole
/// @param key the path of the key, such as `policy[2].groups`; empty for the file as a whole
/// @param message one sentence without a full stop, whose subject is the key
/// @param suggestion the word that was probably meant
public record Problem(
    Severity severity,
    int line,
    int column,
    String key,
    String message,
    Optional<String> suggestion) {

  /// A file with an error cannot be used; a file with warnings can.
  public enum Severity {
    ERROR,
    WARNING
  }

  /// `FILE:LINE:COLUMN: KEY: MESSAGE; did you mean "WORD"?`, in one line.
  public String format(Path file) {
    StringBuilder text = new StringBuilder().append(file);
    if (line > 0) {
      text.append(':').append(line).append(':').append(column);
    }
    text.append(": ");
    if (severity == Severity.WARNING) {
      text.append("warning: ");
    }
    if (!key.isEmpty()) {
      text.append(key).append(": ");
    }
    text.append(message);
    suggestion.ifPresent(word -> text.append("; did you mean \"").append(word).append("\"?"));
    return text.toString();
  }
}
