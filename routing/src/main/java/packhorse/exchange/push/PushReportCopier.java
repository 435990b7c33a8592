package packhorse.exchange.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import packhorse.exchange.call.ResponseCopier;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeResponse;
import packhorse.request.RefusalException;
import packhorse.wire.ResponseObserver;

/// Copies a node's response to a push to an SSH client. The response is read to its end even if the
/// client has left: the push has been applied by then, and the node would kill hooks that cannot
/// write their output.
final class PushReportCopier {
  private static final int BUFFER_BYTES = 16 * 1024;

  private PushReportCopier() {}

  /// Copies up to the end of the response.
  ///
  /// @return the number of bytes that the client received
  static long copy(NodeResponse response, OutputStream toClient, ResponseObserver observer)
      throws RefusalException, IOException {
    InputStream fromNode = response.body();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    boolean connected = true;
    try {
      for (int n = ResponseCopier.read(fromNode, buffer, response);
          n >= 0;
          n = ResponseCopier.read(fromNode, buffer, response)) {
        observer.onBytes(ByteBuffer.wrap(buffer, 0, n));
        connected = connected && write(toClient, buffer, n);
        total += connected ? n : 0;
      }
    } finally {
      observer.onEnd();
    }
    if (observer.isTruncated()) throw ResponseCopier.truncated(response);
    return total;
  }

  /// @return false if the client has left
  private static boolean write(OutputStream toClient, byte[] buffer, int size) throws IOException {
    try {
      toClient.write(buffer, 0, size);
      toClient.flush();
      return true;
    } catch (ClientGoneException e) {
      return false;
    }
  }
}
