package packhorse.wire.refs;

import java.io.IOException;
import java.util.Optional;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.PktWriter;

/// A ref in the form in which a node advertises it. Immutable.
///
/// @param name the full name, or `HEAD`, in wire form (see [packhorse.wire.WireText]). An
///   advertisement of receive-pack may also contain any number of refs named `.have`
/// @param id the object that the ref points to; all zeros for an unborn `HEAD`, whose branch does
///   not exist yet
/// @param peeled the object that an annotated tag points to, through other tags if necessary; empty
///   for any other ref
/// @param symrefTarget the ref that a symbolic ref points to; empty for any other ref
public record Ref(
    String name, ObjectId id, Optional<ObjectId> peeled, Optional<String> symrefTarget) {

  public static Ref of(String name, ObjectId id) {
    return new Ref(name, id, Optional.empty(), Optional.empty());
  }

  public Ref withPeeled(ObjectId target) {
    return new Ref(name, id, Optional.of(target), symrefTarget);
  }

  public Ref withSymrefTarget(String target) {
    return new Ref(name, id, peeled, Optional.of(target));
  }

  /// Writes this ref as one line of a response to `ls-refs`.
  public void writeLsRefsLine(PktWriter out) throws IOException {
    String idOrUnborn = id.isZero() ? "unborn" : id.hex();
    String symrefAttribute = symrefTarget.map(target -> " symref-target:" + target).orElse("");
    String peeledAttribute = peeled.map(target -> " peeled:" + target).orElse("");
    out.writeLine(idOrUnborn + " " + name + symrefAttribute + peeledAttribute);
  }
}
