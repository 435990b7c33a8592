package packhorse.exchange.push;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeRequest;
import packhorse.request.RefusalException;
import packhorse.wire.PackEndDetector;
import packhorse.wire.push.Push;

/// Writes a push that arrives over SSH to a node: its commands as they were read, then the pack,
/// which is not parsed. Nothing announces the length of the pack, and most clients keep their side
/// open until they have the report. So the body ends without a pack if all commands delete, else
/// when the last bytes are the digest of all before them, which is checked whenever the client
/// pauses and at the end of input. If the input ends earlier, [ClientGoneException] is thrown. Used
/// on the thread of the push.
final class ConversationPushBody implements NodeRequest.BodyWriter {
  private static final int BUFFER_BYTES = 64 * 1024;
  // how much of a refused push is read: git shows the reason only after it has sent all of the pack
  private static final long MAX_DISCARDED_BYTES = 4L << 30;

  private final Push push;
  private final InputStream fromClient;
  private final OptionalLong limit;
  private final PackEndDetector packEnd;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  // the bytes at the beginning of the buffer that were read by awaitPack() and not written yet
  private int pending;
  private boolean ended;

  /// @param limit of the whole push in bytes
  ConversationPushBody(Push push, InputStream fromClient, OptionalLong limit) {
    this.push = push;
    this.fromClient = fromClient;
    this.limit = limit;
    this.packEnd = new PackEndDetector(push.format());
    this.ended = !push.hasPack();
  }

  Push push() {
    return push;
  }

  /// Waits for the first bytes of the pack, unless there is none. A client may take longer to
  /// create a pack than a node waits for a request body, so nothing is sent to the node before.
  ///
  /// @throws ClientGoneException if the client leaves instead of sending a pack
  void awaitPack() throws IOException {
    if (!ended) pending = Math.max(0, read(OutputStream.nullOutputStream()));
  }

  @Override
  public void writeTo(OutputStream toNode) throws IOException, RefusalException {
    push.raw().writeTo(toNode);
    for (int n = next(toNode); n >= 0; n = next(toNode)) {
      if (push.raw().size() + packEnd.byteCount() > limit.orElse(Long.MAX_VALUE)) {
        throw new RefusalException(StatelessPushBody.tooLarge(limit), push);
      }
      toNode.write(buffer, 0, n);
    }
  }

  /// Reads and discards what is left of the pack.
  void drain() throws IOException {
    OutputStream nowhere = OutputStream.nullOutputStream();
    while (read(nowhere) >= 0 && packEnd.byteCount() < MAX_DISCARDED_BYTES) {}
  }

  private int next(OutputStream toNode) throws IOException {
    int n = pending;
    pending = 0;
    return n > 0 ? n : read(toNode);
  }

  /// Reads the next bytes of the pack into the buffer; -1 at its end.
  private int read(OutputStream toNode) throws IOException {
    if (ended || pausedAtEnd(toNode)) return -1;
    int n = fromClient.read(buffer);
    if (n < 0) {
      ended = true;
      if (packEnd.complete()) return -1;
      throw new ClientGoneException(
          "the client left in the middle of its pack", new EOFException());
    }
    packEnd.update(buffer, 0, n);
    return n;
  }

  private boolean pausedAtEnd(OutputStream toNode) throws IOException {
    if (fromClient.available() > 0) return false;
    ended = packEnd.complete();
    if (!ended) toNode.flush();
    return ended;
  }
}
