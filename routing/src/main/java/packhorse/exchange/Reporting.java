package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.request.Refused;
import packhorse.wire.Watch;

/// Relays a node's answer to a push. It is read to its end even when the client is gone: the push
/// is done by then, and a node whose hooks cannot write any more would kill them.
final class Reporting {
  private static final int PIECE = 16 * 1024;

  private Reporting() {}

  /// Everything up to the end of the answer; returns how many bytes the client was given.
  static long relay(NodeAnswer answer, OutputStream toClient, Watch watch)
      throws Refused, IOException {
    InputStream fromNode = answer.body();
    byte[] piece = new byte[PIECE];
    long total = 0;
    boolean listening = true;
    try {
      for (int n = next(fromNode, piece, answer); n >= 0; n = next(fromNode, piece, answer)) {
        watch.passed(ByteBuffer.wrap(piece, 0, n));
        listening = listening && given(toClient, piece, n);
        total += listening ? n : 0;
      }
    } finally {
      watch.ended();
    }
    return total;
  }

  private static int next(InputStream fromNode, byte[] piece, NodeAnswer answer)
      throws Refused, IOException {
    return Handing.read(fromNode, piece, answer);
  }

  private static boolean given(OutputStream toClient, byte[] piece, int size) throws IOException {
    try {
      toClient.write(piece, 0, size);
      toClient.flush();
      return true;
    } catch (ClientGone leftWithoutItsReport) {
      return false;
    }
  }
}
