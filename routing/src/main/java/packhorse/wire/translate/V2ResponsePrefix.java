package packhorse.wire.translate;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectId;
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchDialect;
import packhorse.wire.fetch.ShallowUpdate;
import packhorse.wire.pkt.PktWriter;

/// Translates a node's v0 response to a [V2ToV0Request] to v2, up to the first frame of the pack.
/// The pack itself is the same in both versions. See gitprotocol-v2(5), "fetch".
public final class V2ResponsePrefix {

  private final boolean sidebandAll;
  private final PktWriter out;

  private V2ResponsePrefix(Fetch fetch, PktWriter out) {
    this.out = out;
    this.sidebandAll = fetch.dialect() instanceof FetchDialect.V2 v2 && v2.sidebandAll();
  }

  /// Acknowledgments without a pack, with the flush that ends the response.
  public static ByteString acknowledgments(Fetch fetch, List<Acknowledgment> acks) {
    return PktWriter.toByteString(out -> {
      new V2ResponsePrefix(fetch, out).writeAcknowledgments(acks);
      out.writeFlush();
    });
  }

  /// Everything that precedes the first frame of the pack.
  ///
  /// @param acks the node's acknowledgments, which are sent only to clients that have not sent
  ///   `done`
  /// @param shallow the node's changes to the client's shallow boundary
  /// @param nodeShallow the commits at which the node's own history ends. A v0 client reads them in
  ///   the advertisement, a v2 client in this response
  public static ByteString beforePack(
      Fetch fetch, List<Acknowledgment> acks, ShallowUpdate shallow, List<ObjectId> nodeShallow) {
    return PktWriter.toByteString(out -> {
      V2ResponsePrefix prefix = new V2ResponsePrefix(fetch, out);
      if (!V2ToV0Request.expectsPack(fetch)) {
        prefix.writeAcknowledgments(acks);
        prefix.writeLine("ready");
        out.writeDelim();
      }
      prefix.writeShallowInfo(fetch, shallow, nodeShallow);
      prefix.writeLine("packfile");
    });
  }

  /// An error that replaces the whole response: an `ERR` pkt or, as in git, a frame on band 3 for a
  /// fetch with `sideband-all`.
  ///
  /// @param errorText in wire form
  public static ByteString error(Fetch fetch, String errorText) {
    return PktWriter.toByteString(out -> {
      boolean framed = new V2ResponsePrefix(fetch, out).sidebandAll;
      out.writeText((framed ? "\3" : "ERR ") + errorText);
    });
  }

  private void writeAcknowledgments(List<Acknowledgment> acks) throws IOException {
    writeLine("acknowledgments");
    // The node may lack the object whose id it sends with "ready".
    Set<ObjectId> common = new LinkedHashSet<>();
    acks.stream()
        .filter(ack -> ack.status() != Acknowledgment.AckStatus.READY)
        .forEach(ack -> common.add(ack.id()));
    if (common.isEmpty()) {
      writeLine("NAK");
    }
    for (ObjectId id : common) {
      writeLine("ACK " + id);
    }
  }

  private void writeShallowInfo(Fetch fetch, ShallowUpdate update, List<ObjectId> nodeShallow)
      throws IOException {
    boolean deepened = fetch.deepen().isRequested();
    if (!deepened && fetch.shallows().isEmpty() && nodeShallow.isEmpty()) {
      return;
    }
    writeLine("shallow-info");
    ShallowUpdate shown =
        new ShallowUpdate(deepened ? update.shallow() : nodeShallow, update.unshallow());
    for (String text : shown.pktTexts().toList()) {
      out.writeText(sidebandAll ? "\1" + text : text);
    }
    out.writeDelim();
  }

  private void writeLine(String text) throws IOException {
    out.writeLine(sidebandAll ? "\1" + text : text);
  }
}
