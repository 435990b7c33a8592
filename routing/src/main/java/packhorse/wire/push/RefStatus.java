package packhorse.wire.push;

import java.util.Optional;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;

/// The status of one ref in a node's report on a push.
///
/// @param ref the name in the client's command
/// @param errorMessage the reason why the ref was not updated (`ng`); empty for `ok`
/// @param actualRef the ref that a proc-receive hook updated in its place (`option refname`)
/// @param oldId the old id of the updated ref, where the node reports it (`option old-oid`)
/// @param newId the new id of the updated ref, where it is not the id that the client sent (`option
///   new-oid`)
/// @param forced whether the node reports an update that is not a fast-forward (`option
///   forced-update`)
public record RefStatus(
    String ref,
    Optional<String> errorMessage,
    Optional<String> actualRef,
    Optional<ObjectId> oldId,
    Optional<ObjectId> newId,
    boolean forced) {

  public static RefStatus ok(String ref) {
    return new RefStatus(
        ref, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  public static RefStatus ng(String ref, String reason) {
    return new RefStatus(
        ref, Optional.of(reason), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /// This status with the contents of an `option` line of the report. Unknown options are ignored.
  RefStatus withOption(String option) throws WireException {
    int space = option.indexOf(' ');
    String value = space < 0 ? "" : option.substring(space + 1);
    return switch (space < 0 ? option : option.substring(0, space)) {
      case "refname" -> new RefStatus(ref, errorMessage, Optional.of(value), oldId, newId, forced);
      case "old-oid" ->
          new RefStatus(
              ref, errorMessage, actualRef, Optional.of(ObjectId.parse(value)), newId, forced);
      case "new-oid" ->
          new RefStatus(
              ref, errorMessage, actualRef, oldId, Optional.of(ObjectId.parse(value)), forced);
      case "forced-update" -> new RefStatus(ref, errorMessage, actualRef, oldId, newId, true);
      default -> this;
    };
  }
}
