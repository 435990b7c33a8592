package packhorse.config;

/// A pattern for repository paths and refs: `*` is one segment or a part of one, `**` any number of
/// segments. Checked for its form here; what it matches, `packhorse.request.Glob` says.
///
/// @param text as it was written
public record PathPattern(String text) {

  /// Reads a pattern.
  ///
  /// @throws IllegalArgumentException with a sentence, where a segment is empty or mixes `**` with
  ///   other characters
  public static PathPattern parse(String text) {
    for (String segment : text.split("/", -1)) {
      if (segment.isEmpty()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" has an empty segment: no slash at either end, none twice");
      }
      if (segment.contains("**") && !segment.equals("**")) {
        throw new IllegalArgumentException("\"" + text + "\": ** is a segment of its own");
      }
    }
    return new PathPattern(text);
  }

  /// Whether it matches everything.
  public boolean matchesAll() {
    return text.equals("**");
  }

  /// Whether it names repositories by a suffix that none has here: names are canonical without it.
  boolean namesSuffix() {
    return text.endsWith(".git");
  }

  /// As it was written.
  @Override
  public String toString() {
    return text;
  }
}
