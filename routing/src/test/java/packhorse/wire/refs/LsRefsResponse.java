package packhorse.wire.refs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads a node's response to `ls-refs`.
public final class LsRefsResponse {

  private LsRefsResponse() {}

  /// Reads up to the flush. An unborn `HEAD`, whose branch does not exist yet, has an id of all
  /// zeros.
  ///
  /// @param in with the limit [WireLimits#ADVERTISEMENT_BYTES]
  /// @throws WireException.RemoteError when the node sent an error instead
  /// @throws WireException for anything else that is not such a response
  public static List<Ref> read(PktReader in, ObjectFormat format) throws IOException {
    List<Ref> refs = new ArrayList<>();
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      refs.add(parseLine(ErrorPkts.requireText(pkt, "in the list of refs"), format));
    }
    return refs;
  }

  private static Ref parseLine(String line, ObjectFormat format) throws WireException {
    String[] words = line.split(" ", -1);
    if (words.length < 2) {
      throw new WireException("expected a ref, not " + WireText.quoted(line));
    }
    ObjectId zero = new ObjectId("0".repeat(2 * format.rawLength()));
    ObjectId id = words[0].equals("unborn") ? zero : ObjectId.parse(words[0]);
    Ref ref = Ref.of(words[1], id);
    for (int i = 2; i < words.length; i++) {
      if (words[i].startsWith("symref-target:")) {
        ref = ref.withSymrefTarget(words[i].substring(14));
      } else if (words[i].startsWith("peeled:")) {
        ref = ref.withPeeled(ObjectId.parse(words[i].substring(7)));
      }
    }
    return ref;
  }
}
