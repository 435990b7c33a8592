package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a node's answer to `ls-refs`.
public final class LsRefsAnswer {

  private LsRefsAnswer() {}

  /// Reads up to the flush. A `HEAD` whose branch does not exist yet (`unborn`) has an id of zeros.
  ///
  /// @param in with the cap [Limits#ADVERTISEMENT_BYTES]
  /// @throws WireException for what is no such answer; [WireException.ErrorPkt] for an error in its
  ///   place
  public static List<Ref> read(PktReader in, ObjectFormat format) throws IOException {
    List<Ref> refs = new ArrayList<>();
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      Optional<String> error = ErrorLines.said(pkt);
      if (error.isPresent()) {
        throw new WireException.ErrorPkt(error.get());
      }
      refs.add(ref(PktText.of(pkt, "in the list of refs"), format));
    }
    return refs;
  }

  private static Ref ref(String line, ObjectFormat format) throws WireException {
    String[] words = line.split(" ", -1);
    if (words.length < 2) {
      throw new WireException("expected a ref, not " + WireText.quoted(line));
    }
    ObjectId id = words[0].equals("unborn") ? ObjectId.zero(format) : ObjectId.parse(words[0]);
    Ref ref = Ref.of(words[1], id);
    for (int i = 2; i < words.length; i++) {
      if (words[i].startsWith("symref-target:")) {
        ref = ref.symref(words[i].substring(14));
      } else if (words[i].startsWith("peeled:")) {
        ref = ref.peeled(ObjectId.parse(words[i].substring(7)));
      }
    }
    return ref;
  }
}
