package packhorse.wire.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;

/// The beginning of a node's response to one stateless v0 request: the shallow update if a depth
/// was requested, then acknowledgments. The rest, if any, is the pack, with or without framing.
/// Used where a conversation over SSH is carried to a node over HTTP, and by the translation of v2.
///
/// @param nak whether the node sent `NAK`
/// @param errorText the text of an `ERR` pkt that the node sent instead
/// @param packStart the bytes that were read beyond the head: the first bytes of the pack, which
///   must be sent before the rest of the response. Empty if the response ended
public record V0ResponseHead(
    ShallowUpdate shallowUpdate,
    List<Acknowledgment> acknowledgments,
    boolean nak,
    Optional<String> errorText,
    ByteString packStart) {

  public V0ResponseHead {
    acknowledgments = List.copyOf(acknowledgments);
  }

  /// Whether a pack follows.
  public boolean hasPack() {
    return !packStart.isEmpty();
  }

  /// The size of the largest head that git needs to send: at most one line for each line of the
  /// request, which is a few bytes longer, and the commits at which a requested depth ends.
  public static long maxBytes(ByteString request) {
    return WireLimits.RESPONSE_HEAD_BYTES + request.size() * 5L / 4;
  }

  /// Reads the head of a response.
  ///
  /// @param in a reader with the limit [#maxBytes]
  /// @param deepened whether a depth was requested; the response then begins with a shallow update
  ///   that ends with a flush of its own
  /// @throws WireException for anything that is not such a response, and when the input ends inside
  ///   the shallow update
  public static V0ResponseHead read(PktReader in, boolean deepened) throws IOException {
    List<ObjectId> shallow = new ArrayList<>();
    List<ObjectId> unshallow = new ArrayList<>();
    if (deepened) {
      for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        String line = Pkt.requireText(pkt, "in the shallow list");
        if (line.startsWith("ERR ")) {
          return ofError(line);
        }
        parseShallowLine(line, shallow, unshallow);
      }
    }
    return readAcknowledgments(in, new ShallowUpdate(shallow, unshallow));
  }

  private static void parseShallowLine(
      String line, List<ObjectId> shallow, List<ObjectId> unshallow) throws WireException {
    if (line.startsWith("shallow ")) {
      shallow.add(ObjectId.parse(line.substring(8)));
    } else if (line.startsWith("unshallow ")) {
      unshallow.add(ObjectId.parse(line.substring(10)));
    } else {
      throw new WireException("expected a shallow line, not " + WireText.quoted(line));
    }
  }

  private static V0ResponseHead readAcknowledgments(PktReader in, ShallowUpdate shallowUpdate)
      throws IOException {
    List<Acknowledgment> acks = new ArrayList<>();
    boolean nak = false;
    while (in.readHeader()) {
      if (in.headerIsPackSignature()) {
        ByteString signature = ByteString.of("PACK");
        return new V0ResponseHead(shallowUpdate, acks, nak, Optional.empty(), signature);
      }
      Pkt pkt = in.readBody();
      String line = pkt instanceof Pkt.Line text ? text.text() : "";
      if (line.startsWith("ERR ")) {
        return ofError(line);
      }
      Optional<Acknowledgment> ack = Acknowledgment.parse(line);
      if (ack.isPresent()) {
        acks.add(ack.get());
      } else if (line.equals("NAK")) {
        nak = true;
      } else {
        return new V0ResponseHead(
            shallowUpdate, acks, nak, Optional.empty(), requireSideBandFrame(pkt));
      }
    }
    return new V0ResponseHead(shallowUpdate, acks, nak, Optional.empty(), ByteString.EMPTY);
  }

  private static V0ResponseHead ofError(String line) {
    return new V0ResponseHead(
        ShallowUpdate.NONE, List.of(), false, Optional.of(line.substring(4)), ByteString.EMPTY);
  }

  private static ByteString requireSideBandFrame(Pkt pkt) throws WireException {
    byte first = pkt instanceof Pkt.Line line && !line.bytes().isEmpty() ? line.bytes().get(0) : 0;
    if (first < 1 || first > 3) {
      throw new WireException("expected an acknowledgment or a pack, not " + pkt);
    }
    return PktWriter.toByteString(out -> out.writePkt(pkt));
  }
}
