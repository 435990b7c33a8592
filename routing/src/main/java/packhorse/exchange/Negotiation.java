package packhorse.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import packhorse.wire.Ack;
import packhorse.wire.AckMode;
import packhorse.wire.Bytes;
import packhorse.wire.ObjectId;
import packhorse.wire.PktWriter;
import packhorse.wire.ShallowLines;
import packhorse.wire.V0Round;

/// What a v0 client over SSH and its node have found to be common, and how the client is told, in
/// the mode that it asked for, what a node says in `multi_ack_detailed` to requests that repeat all
/// of it (gitprotocol-pack, "Packfile Negotiation").
final class Negotiation {
  private final AckMode mode;
  private final SequencedSet<ObjectId> common = new LinkedHashSet<>();

  Negotiation(AckMode mode) {
    this.mode = mode;
  }

  /// What the node acknowledged so far, in its order: every later request says it again.
  List<ObjectId> common() {
    return List.copyOf(common);
  }

  /// The list that a client hears once, before it says what it has.
  Bytes shallowList(ShallowLines lines) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PktWriter out = new PktWriter(said);
    for (ObjectId id : lines.shallow()) out.line("shallow " + id);
    for (ObjectId id : lines.unshallow()) out.line("unshallow " + id);
    out.flush();
    return Bytes.copyOf(said.toByteArray());
  }

  /// What the client hears of a node's acknowledgments of one round.
  Bytes answer(List<Ack> acks, V0Round.End end) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    answer(acks, end, new PktWriter(said));
    return Bytes.copyOf(said.toByteArray());
  }

  private void answer(List<Ack> acks, V0Round.End end, PktWriter out) throws IOException {
    for (Ack ack : acks) {
      switch (ack.kind()) {
        case COMMON, CONTINUE -> common(ack.id(), out);
        case READY -> ready(ack.id(), out);
        // the last word is ours: the node knows only this round
        case PLAIN -> {}
      }
    }
    switch (end) {
      case FLUSH -> flushed(out);
      case DONE -> done(out);
      case INPUT_ENDED -> {}
    }
  }

  private void common(ObjectId id, PktWriter out) throws IOException {
    boolean first = common.isEmpty();
    if (!common.add(id)) return;
    switch (mode) {
      case DETAILED -> ack(id, Ack.Kind.COMMON, out);
      case MULTI_ACK -> ack(id, Ack.Kind.CONTINUE, out);
      case NONE -> {
        if (first) ack(id, Ack.Kind.PLAIN, out);
      }
    }
  }

  // the id may be one that the node lacks: it is not common, only enough
  private void ready(ObjectId id, PktWriter out) throws IOException {
    switch (mode) {
      case DETAILED -> ack(id, Ack.Kind.READY, out);
      case MULTI_ACK -> {
        if (!common.contains(id)) ack(id, Ack.Kind.CONTINUE, out);
      }
      case NONE -> {}
    }
  }

  private void flushed(PktWriter out) throws IOException {
    if (mode != AckMode.NONE || common.isEmpty()) out.line("NAK");
  }

  // once anything was acknowledged, a client of either multi_ack mode takes a NAK here for a broken
  // answer
  private void done(PktWriter out) throws IOException {
    String last = last();
    if (!last.isEmpty()) out.line(last);
  }

  /// The last line before the pack, empty where there is none: as it is now, unless the node goes
  /// on to acknowledge more.
  String last() {
    if (common.isEmpty()) return "NAK";
    return mode == AckMode.NONE ? "" : new Ack(common.getLast(), Ack.Kind.PLAIN).line();
  }

  private static void ack(ObjectId id, Ack.Kind kind, PktWriter out) throws IOException {
    out.line(new Ack(id, kind).line());
  }
}
