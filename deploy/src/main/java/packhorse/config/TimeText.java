package packhorse.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as the file writes them: `500ms`, `30s`, `5m`, `1h`, `2d`.
final class TimeText {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,7})(ms|s|m|h|d)");

  private TimeText() {}

  /// A positive duration.
  ///
  /// @throws IllegalArgumentException with a sentence
  static Duration parse(String text) {
    Duration duration = parseOrZero(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("must be longer than nothing");
    }
    return duration;
  }

  /// A duration that may be zero: `0s`.
  ///
  /// @throws IllegalArgumentException with a sentence
  static Duration parseOrZero(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no duration; write 500ms, 30s, 5m, 1h or 2d");
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

  /// In the largest unit that fits exactly, days aside.
  static String print(Duration duration) {
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
