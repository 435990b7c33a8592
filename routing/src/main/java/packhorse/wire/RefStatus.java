package packhorse.wire;

import java.util.Optional;

/// What a node reports about one ref of a push.
///
/// @param ref as the client named it
/// @param refused why not; empty for `ok`
/// @param renamed the ref that was written in its place (`option refname`, from a proc-receive
///   hook)
/// @param oldId what that ref was before, where the node says so
/// @param newId what it is now, where that is not what the client sent
/// @param forced whether the node says that it was no fast-forward
public record RefStatus(
    String ref,
    Optional<String> refused,
    Optional<String> renamed,
    Optional<ObjectId> oldId,
    Optional<ObjectId> newId,
    boolean forced) {

  public static RefStatus ok(String ref) {
    return new RefStatus(
        ref, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  public static RefStatus refused(String ref, String reason) {
    return new RefStatus(
        ref, Optional.of(reason), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  public boolean written() {
    return refused.isEmpty();
  }

  RefStatus with(String option) throws WireException {
    int space = option.indexOf(' ');
    String value = space < 0 ? "" : option.substring(space + 1);
    return switch (space < 0 ? option : option.substring(0, space)) {
      case "refname" -> new RefStatus(ref, refused, Optional.of(value), oldId, newId, forced);
      case "old-oid" ->
          new RefStatus(ref, refused, renamed, Optional.of(ObjectId.parse(value)), newId, forced);
      case "new-oid" ->
          new RefStatus(ref, refused, renamed, oldId, Optional.of(ObjectId.parse(value)), forced);
      case "forced-update" -> new RefStatus(ref, refused, renamed, oldId, newId, true);
      default -> this;
    };
  }
}
