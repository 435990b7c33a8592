package packhorse.config;

/// The program's log.
public record LogSettings(Level level, Format format, Target to) {

  /// The least that is written.
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

  /// Where it goes.
  public enum Target {
    STDOUT,
    STDERR
  }
}
