package packhorse.config.model;

/// The program's log.
///
/// @param level the least severe level that is written
/// @param format how an event is written
/// @param destination where events are written
public record LogSettings(Level level, Format format, Destination destination) {

  /// The severity of an event.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /// One JSON object a line, or one line of text.
  public enum Format {
    JSON,
    TEXT
  }

  /// A standard stream of the process.
  public enum Destination {
    STDOUT,
    STDERR
  }
}
