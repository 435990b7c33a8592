package packhorse.wire;

import java.util.Optional;

/// A ref as a node advertises it.
///
/// @param name the full name, or `HEAD`; in an advertisement for pushes also `.have`, any number of
///   times
/// @param id what it points to; zeros for a `HEAD` whose branch does not exist yet
/// @param peeled for an annotated tag, what it finally points to
/// @param symrefTarget for a symbolic ref, the ref that it names
public record Ref(
    String name, ObjectId id, Optional<ObjectId> peeled, Optional<String> symrefTarget) {

  public static Ref of(String name, ObjectId id) {
    return new Ref(name, id, Optional.empty(), Optional.empty());
  }

  Ref peeled(ObjectId target) {
    return new Ref(name, id, Optional.of(target), symrefTarget);
  }

  Ref symref(String target) {
    return new Ref(name, id, peeled, Optional.of(target));
  }
}
