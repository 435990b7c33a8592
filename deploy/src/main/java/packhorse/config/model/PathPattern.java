package packhorse.config.model;

/// A pattern for repository paths and refs: `*` stands for one segment or a part of one, `**` for
/// any number of segments. This class only checks the form of a pattern; `packhorse.request.Glob`
/// matches names against it. Immutable.
///
/// @param text the pattern as it is written in the configuration
public record PathPattern(String text) {

  /// Parses a pattern.
  ///
  /// @throws IllegalArgumentException with a message for the operator, if a segment is empty or
  ///   mixes `**` with other characters
  public static PathPattern parse(String text) {
    for (String segment : text.split("/", -1)) {
      if (segment.isEmpty()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" has an empty segment: remove leading, trailing and double slashes");
      }
      if (segment.contains("**") && !segment.equals("**")) {
        throw new IllegalArgumentException("\"" + text + "\": ** must be a whole segment");
      }
    }
    return new PathPattern(text);
  }

  /// Whether the pattern is `**`, which matches everything.
  public boolean matchesAll() {
    return text.equals("**");
  }

  /// Returns a name that matches the pattern.
  public String example() {
    return text.replace("**", "0").replace('*', '0');
  }

  /// Returns the pattern as it is written in the configuration.
  @Override
  public String toString() {
    return text;
  }
}
