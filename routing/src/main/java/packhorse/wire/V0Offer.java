package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a node's v0 advertisement says besides its refs: all that is needed to ask the node in v0
/// for a client that speaks v2.
///
/// @param shallow commits at which the node's own history ends
/// @param tip an object that it advertised; empty for a repository without refs
public record V0Offer(
    Capabilities capabilities,
    ObjectFormat format,
    List<ObjectId> shallow,
    Optional<ObjectId> tip) {

  public V0Offer {
    shallow = List.copyOf(shallow);
  }

  /// Reads an advertisement to its flush; refs are passed over.
  ///
  /// @param in with the cap [Limits#ADVERTISEMENT_BYTES]
  /// @throws WireException for what is no advertisement in v0; [WireException.ErrorPkt] for an
  ///   error in its place
  public static V0Offer read(PktReader in) throws IOException {
    AdvertisementHead head = AdvertisementHead.read(in);
    if (head.version() != ProtocolVersion.V0) {
      throw new WireException("asked in v0, answered in " + head.version());
    }
    Optional<ObjectId> first = Optional.empty();
    List<ObjectId> shallow = new ArrayList<>();
    if (head.firstRef().isPresent()) {
      String ref = head.firstRef().get();
      first = Optional.of(ObjectId.parse(ref.substring(0, ref.indexOf(' '))));
      for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        String line = AdvertisementHead.line(pkt);
        if (line.startsWith("shallow ")) shallow.add(ObjectId.parse(line.substring(8)));
      }
    }
    ObjectFormat format =
        Formats.announced(head.capabilities())
            .orElse(first.map(ObjectId::format).orElse(ObjectFormat.SHA1));
    return new V0Offer(head.capabilities(), format, shallow, first.filter(id -> !id.isZero()));
  }
}
