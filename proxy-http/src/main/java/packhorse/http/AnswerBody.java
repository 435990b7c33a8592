package packhorse.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.node.RetoldAnswer;
import packhorse.wire.Watch;

/// Moves the bodies of answers to clients. Blocks the request's virtual thread until all is moved.
final class AnswerBody {
  private static final int PIECE = 16 * 1024;

  private AnswerBody() {}

  /// The whole body: what comes from a node over HTTP by a {@link Pump}.
  ///
  /// @return how many bytes
  static long given(Request request, Response response, NodeAnswer answer, Watch watch)
      throws NodeFailure, ClientGone {
    if (answer instanceof JettyAnswer jetty) return pumped(request, response, jetty, watch);
    if (answer instanceof RetoldAnswer retold
        && retold.rest().orElse(null) instanceof JettyAnswer jetty) {
      ByteBuffer first = retold.first().buffer();
      watch.passed(first);
      written(response, false, first);
      return retold.first().size() + pumped(request, response, jetty, watch);
    }
    return copied(response, answer, watch);
  }

  private static long pumped(Request request, Response response, JettyAnswer answer, Watch watch)
      throws NodeFailure, ClientGone {
    var components = request.getComponents();
    var pump =
        new Pump(
            answer.source(),
            response,
            watch,
            components.getByteBufferPool(),
            components.getScheduler());
    try {
      pump.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGone("interrupted", e);
    }
    if (pump.nodeFailure() != null) throw answer.failure(pump.nodeFailure());
    if (pump.failure() != null) throw gone(pump.failure());
    return pump.passed();
  }

  private static long copied(Response response, NodeAnswer answer, Watch watch)
      throws NodeFailure, ClientGone {
    InputStream body = answer.body();
    byte[] piece = new byte[PIECE];
    long total = 0;
    for (int n = read(body, piece, answer); n >= 0; n = read(body, piece, answer)) {
      ByteBuffer bytes = ByteBuffer.wrap(piece, 0, n);
      watch.passed(bytes);
      written(response, false, bytes);
      total += n;
    }
    written(response, true, BufferUtil.EMPTY_BUFFER);
    return total;
  }

  /// Writes bytes, the last ones or not, and waits until they are on their way.
  static void written(Response response, boolean last, ByteBuffer bytes) throws ClientGone {
    try (Blocker.Callback callback = Blocker.callback()) {
      response.write(last, bytes, callback);
      callback.block();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private static int read(InputStream body, byte[] piece, NodeAnswer answer) throws NodeFailure {
    try {
      return body.read(piece);
    } catch (NodeFailure e) {
      throw e;
    } catch (IOException e) {
      throw new NodeFailure(answer.node(), true, FailureWords.of(e), e);
    }
  }

  private static ClientGone gone(Throwable cause) {
    return new ClientGone("the client takes no more: " + FailureWords.of(cause), cause);
  }
}
