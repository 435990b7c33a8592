package packhorse.wire.refs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// The contents of a node's v0 advertisement except its refs: everything that is needed to send v0
/// requests to the node on behalf of a client that speaks v2.
///
/// @param shallow the commits at which the node's own history ends
/// @param tip one of the advertised objects; empty for a repository without refs
public record V0AdvertisementSummary(
    Capabilities capabilities,
    ObjectFormat format,
    List<ObjectId> shallow,
    Optional<ObjectId> tip) {

  public V0AdvertisementSummary {
    shallow = List.copyOf(shallow);
  }

  /// Reads an advertisement up to its flush and skips the refs.
  ///
  /// @param in a reader with the limit [WireLimits#ADVERTISEMENT_BYTES]
  /// @throws WireException.RemoteError when the node sent an error instead
  /// @throws WireException for anything else that is not a v0 advertisement
  public static V0AdvertisementSummary read(PktReader in) throws IOException {
    AdvertisementHead head = AdvertisementHead.read(in);
    if (head.version() != ProtocolVersion.V0) {
      throw new WireException("requested a v0 advertisement, received " + head.version());
    }
    Optional<ObjectId> firstId = Optional.empty();
    List<ObjectId> shallow = new ArrayList<>();
    if (head.firstRef().isPresent()) {
      String ref = head.firstRef().get();
      firstId = Optional.of(ObjectId.parse(ref.substring(0, ref.indexOf(' '))));
      for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        String line = ErrorPkts.requireText(pkt, AdvertisementHead.IN_ADVERTISEMENT);
        if (line.startsWith("shallow ")) addShallow(line, shallow);
      }
    }
    ObjectFormat format =
        head.capabilities()
            .objectFormat()
            .orElse(firstId.map(ObjectId::format).orElse(ObjectFormat.SHA1));
    return new V0AdvertisementSummary(
        head.capabilities(), format, shallow, firstId.filter(id -> !id.isZero()));
  }

  private static void addShallow(String line, List<ObjectId> shallow) throws WireException {
    if (shallow.size() == WireLimits.NODE_SHALLOW_COMMITS) {
      throw new WireException.TooLarge(
          "more than " + WireLimits.NODE_SHALLOW_COMMITS + " shallow commits");
    }
    shallow.add(ObjectId.parse(line.substring(8)));
  }
}
