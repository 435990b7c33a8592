package packhorse.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The head of a node's answer to one stateless v0 request: the shallow list where depth was asked
/// for, then acknowledgments. The rest, if any, is the pack, framed or not. Used by the bridge from
/// SSH.
///
/// @param nak whether `NAK` was said
/// @param error what an `ERR` pkt said in place of all this
/// @param over what was read beyond the head: the first bytes of the pack, to be sent before all
///   else. Empty: the answer ended here
public record V0Answer(
    ShallowLines shallow, List<Ack> acks, boolean nak, Optional<String> error, Bytes over) {

  public V0Answer {
    acks = List.copyOf(acks);
  }

  /// Whether a pack follows.
  public boolean pack() {
    return !over.isEmpty();
  }

  /// Reads the head of an answer.
  ///
  /// @param in with the cap [Limits#ANSWER_HEAD_BYTES]
  /// @param deepened whether the request asked for depth: then the shallow list comes first, up to
  ///   a flush of its own
  /// @throws WireException for what is no answer, and where the input ends inside the shallow list
  public static V0Answer read(PktReader in, boolean deepened) throws IOException {
    List<ObjectId> shallow = new ArrayList<>();
    List<ObjectId> unshallow = new ArrayList<>();
    if (deepened) {
      for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        String line = PktText.of(pkt, "in the shallow list");
        if (line.startsWith("ERR ")) {
          return failed(line);
        }
        shallowLine(line, shallow, unshallow);
      }
    }
    return acks(in, new ShallowLines(shallow, unshallow));
  }

  private static void shallowLine(String line, List<ObjectId> shallow, List<ObjectId> unshallow)
      throws WireException {
    if (line.startsWith("shallow ")) {
      shallow.add(ObjectId.parse(line.substring(8)));
    } else if (line.startsWith("unshallow ")) {
      unshallow.add(ObjectId.parse(line.substring(10)));
    } else {
      throw new WireException("expected a shallow line, not " + WireText.quoted(line));
    }
  }

  private static V0Answer acks(PktReader in, ShallowLines shallow) throws IOException {
    List<Ack> acks = new ArrayList<>();
    boolean nak = false;
    while (in.nextHeader()) {
      if (in.headerIsPack()) {
        return new V0Answer(shallow, acks, nak, Optional.empty(), Bytes.of("PACK"));
      }
      Pkt pkt = in.body();
      String line = pkt instanceof Pkt.Line text ? text.text() : "";
      if (line.startsWith("ERR ")) {
        return failed(line);
      }
      Optional<Ack> ack = Ack.parse(line);
      if (ack.isPresent()) {
        acks.add(ack.get());
      } else if (line.equals("NAK")) {
        nak = true;
      } else {
        return new V0Answer(shallow, acks, nak, Optional.empty(), frame(pkt));
      }
    }
    return new V0Answer(shallow, acks, nak, Optional.empty(), Bytes.EMPTY);
  }

  private static V0Answer failed(String line) {
    return new V0Answer(
        ShallowLines.NONE, List.of(), false, Optional.of(line.substring(4)), Bytes.EMPTY);
  }

  private static Bytes frame(Pkt pkt) throws IOException {
    byte first = pkt instanceof Pkt.Line line && !line.bytes().isEmpty() ? line.bytes().get(0) : 0;
    if (first < 1 || first > 3) {
      throw new WireException("expected an acknowledgment or a pack, not " + pkt);
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    new PktWriter(frame).pkt(pkt);
    return Bytes.own(frame.toByteArray());
  }
}
