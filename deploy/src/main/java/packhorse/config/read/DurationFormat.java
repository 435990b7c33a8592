package packhorse.config.read;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses and formats durations as the file has them: `500ms`, `30s`, `5m`, `1h`, `2d`.
final class DurationFormat {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,7})(ms|s|m|h|d)");

  private DurationFormat() {}

  /// Parses a positive duration.
  ///
  /// @throws IllegalArgumentException with a message for the operator
  static Duration parse(String text) {
    Duration duration = parseOrZero(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("must be longer than zero");
    }
    return duration;
  }

  /// Parses a duration that may be zero: `0s`.
  ///
  /// @throws IllegalArgumentException with a message for the operator
  static Duration parseOrZero(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a valid duration; use 500ms, 30s, 5m, 1h or 2d");
    }
    long number = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /// Formats a duration in the largest unit, up to hours, of which it is a multiple.
  static String format(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    if (duration.isZero() || duration.toSecondsPart() != 0) {
      return duration.toSeconds() + "s";
    }
    if (duration.toMinutesPart() != 0) {
      return duration.toMinutes() + "m";
    }
    return duration.toHours() + "h";
  }
}
