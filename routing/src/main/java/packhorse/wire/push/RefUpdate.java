package packhorse.wire.push;

import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;

/// One command of a push. It does not show whether an update is a fast-forward; for that the pack
/// would have to be read.
///
/// @param ref the full name in wire form (see [WireText]): not empty, and without spaces and
///   control characters. Git at the node checks it further
public record RefUpdate(ObjectId oldId, ObjectId newId, String ref) {

  /// What a command does to its ref.
  public enum UpdateKind {
    CREATE,
    UPDATE,
    DELETE
  }

  public RefUpdate {
    if (ref.isEmpty() || !isClean(ref)) {
      throw new IllegalArgumentException("not a ref name: " + WireText.quoted(ref));
    }
    if (oldId.format() != newId.format()) {
      throw new IllegalArgumentException("two object formats in one update");
    }
  }

  private static boolean isClean(String name) {
    return name.chars().allMatch(c -> c > ' ' && c != 0x7f && c <= 0xff);
  }

  /// Parses a command: `old-id new-id ref`.
  ///
  /// @throws WireException for anything else
  static RefUpdate parse(String line) throws WireException {
    int first = line.indexOf(' ');
    int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
    if (second < 0) {
      throw new WireException("expected old, new and ref, not " + WireText.quoted(line));
    }
    if (line.length() - second - 1 > WireLimits.REF_NAME_BYTES) {
      throw new WireException.TooLarge(
          "a ref name of more than " + WireLimits.REF_NAME_BYTES + " bytes");
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

  /// The kind as the ids show it: all zeros as the new id delete a ref, all zeros as the old id
  /// create one. An update in which both ids are zeros deletes a ref that does not exist.
  public UpdateKind kind() {
    if (newId.isZero()) {
      return UpdateKind.DELETE;
    }
    return oldId.isZero() ? UpdateKind.CREATE : UpdateKind.UPDATE;
  }
}
