package packhorse.wire;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Says in v2 what a node answered in v0 to a [V2InV0], up to the first frame of the pack: that
/// part is the same in both. See gitprotocol-v2(5), "fetch".
public final class V2AnswerHead {

  private final Fetch fetch;
  private final boolean framed;
  private final PktWriter out;

  private V2AnswerHead(Fetch fetch, PktWriter out) {
    this.fetch = fetch;
    this.out = out;
    this.framed = fetch.dialect() instanceof Dialect.V2 v2 && v2.sidebandAll();
  }

  /// Acknowledgments without a pack, with the flush that ends the answer.
  public static Bytes acknowledgments(Fetch fetch, List<Ack> acks) {
    return written(
        fetch,
        head -> {
          head.acknowledgments(acks);
          head.out.flush();
        });
  }

  /// Everything before the first frame of the pack.
  ///
  /// @param acks what was said to be common; told only to clients that have not said `done`
  /// @param shallow what the node's answer says of the client's history
  /// @param nodesOwn the commits at which the node's own history ends: a v0 client reads them in
  ///   the advertisement, a v2 client here
  public static Bytes beforePack(
      Fetch fetch, List<Ack> acks, ShallowLines shallow, List<ObjectId> nodesOwn) {
    return written(
        fetch,
        head -> {
          if (!V2InV0.done(fetch)) {
            head.acknowledgments(acks);
            head.line("ready");
            head.out.delim();
          }
          head.shallowInfo(shallow, nodesOwn);
          head.line("packfile");
        });
  }

  /// An error in place of everything, on the band where all is framed, as git says it.
  ///
  /// @param said in wire form
  public static Bytes error(Fetch fetch, String said) {
    return written(fetch, head -> head.out.line(head.framed ? "\3" + said : "ERR " + said));
  }

  private void acknowledgments(List<Ack> acks) throws IOException {
    line("acknowledgments");
    // the id of a "ready" may be one that the node lacks
    Set<ObjectId> common = new LinkedHashSet<>();
    acks.stream().filter(ack -> ack.kind() != Ack.Kind.READY).forEach(ack -> common.add(ack.id()));
    if (common.isEmpty()) {
      line("NAK");
    }
    for (ObjectId id : common) {
      line("ACK " + id);
    }
  }

  private void shallowInfo(ShallowLines lines, List<ObjectId> nodesOwn) throws IOException {
    boolean deepened = fetch.deepen().asked();
    if (!deepened && fetch.shallows().isEmpty() && nodesOwn.isEmpty()) {
      return;
    }
    line("shallow-info");
    for (ObjectId id : deepened ? lines.shallow() : nodesOwn) {
      line("shallow " + id);
    }
    for (ObjectId id : lines.unshallow()) {
      line("unshallow " + id);
    }
    out.delim();
  }

  private void line(String text) throws IOException {
    out.line(framed ? "\1" + text : text);
  }

  private interface Writing {
    void to(V2AnswerHead head) throws IOException;
  }

  private static Bytes written(Fetch fetch, Writing writing) {
    return PktWriter.toBytes(out -> writing.to(new V2AnswerHead(fetch, out)));
  }
}
