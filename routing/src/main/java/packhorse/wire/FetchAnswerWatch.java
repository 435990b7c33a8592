package packhorse.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Follows a node's answer to a fetch of any dialect as it passes: which objects it acknowledged,
/// how large the pack was, what went wrong, and whether it ended as it should. Frames of the pack
/// are stepped over where they lie.
public final class FetchAnswerWatch implements Watch {

  private final AnswerLines lines;
  private final PktWalker walker;

  /// @param fetch the question, which decides what its answer looks like
  public FetchAnswerWatch(Fetch fetch) {
    this.lines =
        switch (fetch.dialect()) {
          case Dialect.V0 v0 -> new V0AnswerLines(fetch, v0);
          case Dialect.V2 v2 -> new V2AnswerLines(fetch, v2.sidebandAll());
        };
    this.walker = new PktWalker(lines);
  }

  @Override
  public void passed(ByteBuffer bytes) {
    walker.walk(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public void ended() {
    lines.ended(walker.betweenPkts());
  }

  /// The haves that the node said it has, in its order, each once. The id of `ACK id ready` is none
  /// of them: the node may lack it.
  public List<ObjectId> acknowledged() {
    return new ArrayList<>(lines.acknowledged);
  }

  /// Whether the node said that it knows enough.
  public boolean ready() {
    return lines.ready;
  }

  /// Whether there was a list of shallow commits.
  public boolean shallowSection() {
    return lines.shallowSection;
  }

  /// Bytes of the pack so far, without frames and progress. Before the first, another node may be
  /// asked.
  public long packBytes() {
    return lines.packBytes;
  }

  /// Whether a pack was announced or has begun.
  public boolean packBegun() {
    return lines.packBegun;
  }

  /// What the node said as an error (`ERR` or band 3), at most [Limits#ERROR_TEXT] bytes, in wire
  /// form.
  public Optional<String> error() {
    return lines.error();
  }

  /// Whether the answer ended as it should: with its last flush; without frames with the pack's
  /// trailer; a round of v0 without a pack with an acknowledgment or a NAK. Never after an error.
  /// To be asked after [#ended].
  public boolean complete() {
    return lines.complete;
  }
}
