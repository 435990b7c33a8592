package packhorse.exchange.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectId;
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.fetch.FetchDialect.AcknowledgmentMode;
import packhorse.wire.fetch.ShallowUpdate;
import packhorse.wire.fetch.UploadHaves;
import packhorse.wire.pkt.PktWriter;

/// The negotiation of a v0 client over SSH with a node over HTTP: which objects are common, and how
/// the client is told. The node speaks `multi_ack_detailed` and receives all common objects with
/// each request; the client is answered in the mode that it chose (gitprotocol-pack, "Packfile
/// Negotiation"). Not thread-safe.
final class Negotiation {
  private final AcknowledgmentMode mode;
  private final SequencedSet<ObjectId> common = new LinkedHashSet<>();

  Negotiation(AcknowledgmentMode mode) {
    this.mode = mode;
  }

  /// The objects that the node has acknowledged so far, in its order. Every later request repeats
  /// them.
  List<ObjectId> acknowledged() {
    return List.copyOf(common);
  }

  /// The shallow update that the client receives once, before it sends its haves.
  ByteString shallowList(ShallowUpdate update) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PktWriter out = new PktWriter(bytes);
    for (String text : update.pktTexts().toList()) out.writeText(text);
    out.writeFlush();
    return ByteString.copyOf(bytes.toByteArray());
  }

  /// The acknowledgments of one round for the client.
  ///
  /// @param acks those of the node
  /// @param end how the client ended the round
  ByteString acknowledge(List<Acknowledgment> acks, UploadHaves.End end) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    acknowledge(acks, end, new PktWriter(bytes));
    return ByteString.copyOf(bytes.toByteArray());
  }

  private void acknowledge(List<Acknowledgment> acks, UploadHaves.End end, PktWriter out)
      throws IOException {
    for (Acknowledgment ack : acks) {
      switch (ack.status()) {
        case COMMON, CONTINUE -> acknowledgeCommon(ack.id(), out);
        case READY -> acknowledgeReady(ack.id(), out);
        // The final line is composed here, because the node knows only this round.
        case PLAIN -> {}
      }
    }
    switch (end) {
      case FLUSH -> endWithFlush(out);
      case DONE -> endWithDone(out);
      case END_OF_INPUT -> {}
    }
  }

  private void acknowledgeCommon(ObjectId id, PktWriter out) throws IOException {
    boolean first = common.isEmpty();
    if (!common.add(id)) return;
    switch (mode) {
      case MULTI_ACK_DETAILED -> write(id, Acknowledgment.AckStatus.COMMON, out);
      case MULTI_ACK -> write(id, Acknowledgment.AckStatus.CONTINUE, out);
      case NONE -> {
        if (first) write(id, Acknowledgment.AckStatus.PLAIN, out);
      }
    }
  }

  // The node may lack this object: it is not added to the common ones.
  private void acknowledgeReady(ObjectId id, PktWriter out) throws IOException {
    switch (mode) {
      case MULTI_ACK_DETAILED -> write(id, Acknowledgment.AckStatus.READY, out);
      case MULTI_ACK -> {
        if (!common.contains(id)) write(id, Acknowledgment.AckStatus.CONTINUE, out);
      }
      case NONE -> {}
    }
  }

  private void endWithFlush(PktWriter out) throws IOException {
    if (mode != AcknowledgmentMode.NONE || common.isEmpty()) out.writeLine("NAK");
  }

  // Once anything was acknowledged, a client of either multi_ack mode takes a NAK here for an
  // invalid response.
  private void endWithDone(PktWriter out) throws IOException {
    String line = finalLine();
    if (!line.isEmpty()) out.writeLine(line);
  }

  /// The last line before the pack, as far as the node has acknowledged until now; empty if there
  /// is none.
  String finalLine() {
    if (common.isEmpty()) return "NAK";
    return mode == AcknowledgmentMode.NONE
        ? ""
        : new Acknowledgment(common.getLast(), Acknowledgment.AckStatus.PLAIN).toLine();
  }

  private static void write(ObjectId id, Acknowledgment.AckStatus status, PktWriter out)
      throws IOException {
    out.writeLine(new Acknowledgment(id, status).toLine());
  }
}
