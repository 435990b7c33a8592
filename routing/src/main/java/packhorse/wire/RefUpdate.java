package packhorse.wire;

/// One command of a push. A forced update cannot be told from a fast-forward here: the pack would
/// have to be read.
///
/// @param ref the full name, one char for each byte (see [WireText]): no control character, no
///   space, not empty. It is not checked further; git at the node does
public record RefUpdate(ObjectId oldId, ObjectId newId, String ref) {

  /// What happens to the ref.
  public enum Kind {
    CREATE,
    UPDATE,
    DELETE
  }

  public RefUpdate {
    if (ref.isEmpty() || !clean(ref)) {
      throw new IllegalArgumentException("not a ref name: " + WireText.quoted(ref));
    }
    if (oldId.format() != newId.format()) {
      throw new IllegalArgumentException("two object formats in one update");
    }
  }

  private static boolean clean(String name) {
    return name.chars().allMatch(c -> c > ' ' && c != 0x7f && c <= 0xff);
  }

  /// Reads `old new ref`.
  ///
  /// @throws WireException when it is not that
  static RefUpdate parse(String line) throws WireException {
    int first = line.indexOf(' ');
    int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
    if (second < 0) {
      throw new WireException("expected old, new and ref, not " + WireText.quoted(line));
    }
    if (line.length() - second - 1 > Limits.REF_NAME) {
      throw new WireException.TooLarge("a ref name of more than " + Limits.REF_NAME + " bytes");
    }
    try {
      return new RefUpdate(
          ObjectId.parse(line.substring(0, first)),
          ObjectId.parse(line.substring(first + 1, second)),
          line.substring(second + 1));
    } catch (IllegalArgumentException e) {
      throw new WireException("expected old, new and ref, not " + WireText.quoted(line));
    }
  }

  /// By the ids alone: a new id of zeros deletes, an old one creates. Where both are zeros it
  /// deletes what is not there.
  public Kind kind() {
    if (newId.isZero()) {
      return Kind.DELETE;
    }
    return oldId.isZero() ? Kind.CREATE : Kind.UPDATE;
  }
}
