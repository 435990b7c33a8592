package packhorse.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.node.ClientGone;
import packhorse.node.NodeCall;
import packhorse.request.Refused;
import packhorse.wire.PackEnd;
import packhorse.wire.Push;

/// Writes a push that comes over SSH towards a node: its commands as they were read, then the pack,
/// unread. Nothing says where it ends: most clients keep their side open until they have the
/// report. So it ends when only deletes were asked for; else when its last bytes are the digest of
/// those before them, looked at whenever the client pauses; or where the client's input ends
/// (../git-corners 2).
final class PackFeeder implements NodeCall.Feeder {
  private static final int PIECE = 64 * 1024;
  // what is read of a push that is refused: git shows why only after it has sent all of it
  private static final long MOST_DRAINED = 4L << 30;

  private final Push push;
  private final InputStream fromClient;
  private final OptionalLong limit;
  private final PackEnd end;
  private final byte[] piece = new byte[PIECE];
  private boolean ended;

  /// @param limit of the whole push in bytes
  PackFeeder(Push push, InputStream fromClient, OptionalLong limit) {
    this.push = push;
    this.fromClient = fromClient;
    this.limit = limit;
    this.end = new PackEnd(push.format());
    this.ended = !push.packFollows();
  }

  Push push() {
    return push;
  }

  @Override
  public void feed(OutputStream toNode) throws IOException, Refused {
    push.raw().writeTo(toNode);
    toNode.flush();
    for (int n = next(toNode); n >= 0; n = next(toNode)) {
      if (push.raw().size() + end.seen() > limit.orElse(Long.MAX_VALUE)) {
        throw new Refused(PushFeeder.tooLarge(limit), push);
      }
      toNode.write(piece, 0, n);
    }
  }

  /// Reads what is left of the pack and drops it.
  void drain() throws IOException {
    OutputStream nowhere = OutputStream.nullOutputStream();
    while (next(nowhere) >= 0 && end.seen() < MOST_DRAINED) {}
  }

  /// The next piece of the pack; -1 at its end.
  private int next(OutputStream toNode) throws IOException {
    if (ended || pausedAtEnd(toNode)) return -1;
    int n = fromClient.read(piece);
    if (n < 0) {
      ended = true;
      if (end.complete()) return -1;
      throw new ClientGone("the client left in the midst of its pack", new EOFException());
    }
    end.update(piece, 0, n);
    return n;
  }

  private boolean pausedAtEnd(OutputStream toNode) throws IOException {
    if (fromClient.available() > 0) return false;
    ended = end.complete();
    if (!ended) toNode.flush();
    return ended;
  }
}
