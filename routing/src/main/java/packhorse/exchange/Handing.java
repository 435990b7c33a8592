package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Watch;

/// Hands the rest of a node's answer over to a client over SSH. A client that reads slowly slows
/// the node down; one piece is held.
final class Handing {
  private static final int PIECE = 64 * 1024;

  private Handing() {}

  /// Everything up to the end of the answer; the client has it all when this returns.
  ///
  /// @return how many bytes
  /// @throws Refused when the node breaks off: the client can be told, on its standard error at
  ///   least
  static long rest(NodeAnswer answer, ConversationClient client, Watch watch)
      throws Refused, ClientGone, IOException {
    OutputStream toClient = client.toClient();
    client.inAnswer(true);
    InputStream fromNode = answer.body();
    byte[] piece = new byte[PIECE];
    long total = 0;
    try {
      for (int n = read(fromNode, piece, answer); n >= 0; n = read(fromNode, piece, answer)) {
        watch.passed(ByteBuffer.wrap(piece, 0, n));
        toClient.write(piece, 0, n);
        total += n;
        // what a node says before it pauses (progress, an acknowledgment) is waited for
        if (fromNode.available() == 0) toClient.flush();
      }
    } finally {
      watch.ended();
    }
    toClient.flush();
    client.inAnswer(false);
    return total;
  }

  /// The next piece of a node's answer.
  static int read(InputStream fromNode, byte[] piece, NodeAnswer answer)
      throws Refused, IOException {
    try {
      return fromNode.read(piece);
    } catch (NodeFailure e) {
      throw new Refused(brokeOff(answer, e), e);
    }
  }

  static Refusal brokeOff(NodeAnswer answer, IOException why) {
    return new Refusal(
        Refusal.Kind.NODE_FAILED,
        "the node " + answer.node().name() + " broke off in the midst of its answer",
        String.valueOf(why.getMessage()));
  }
}
