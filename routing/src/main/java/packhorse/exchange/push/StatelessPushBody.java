package packhorse.exchange.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.exchange.call.Client;
import packhorse.node.NodeRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.UnreadableBodyException;
import packhorse.wire.push.Push;

/// Writes a push that arrives over HTTP to a node: its commands as they were read, then the rest of
/// the body, which is not parsed.
final class StatelessPushBody implements NodeRequest.BodyWriter {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Push push;
  private final Client client;
  private final OptionalLong limit;
  private boolean written;

  /// @param limit of the whole push in bytes
  StatelessPushBody(Push push, Client client, OptionalLong limit) {
    this.push = push;
    this.client = client;
    this.limit = limit;
  }

  @Override
  public void writeTo(OutputStream toNode) throws IOException, RefusalException {
    if (written) throw new IllegalStateException("a push is never sent twice");
    push.raw().writeTo(toNode);
    // Flushed before more is read from the client: if the node cannot be reached, another one can
    // still be asked.
    toNode.flush();
    written = true;
    InputStream fromClient = client.fromClient();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = push.raw().size();
    for (int n = read(fromClient, buffer); n >= 0; n = read(fromClient, buffer)) {
      total += n;
      if (total > limit.orElse(Long.MAX_VALUE)) {
        throw new RefusalException(tooLarge(limit), push);
      }
      toNode.write(buffer, 0, n);
    }
  }

  static Refusal tooLarge(OptionalLong limit) {
    return Refusal.tooLarge("the push", "the limit of " + limit.orElseThrow() + " bytes");
  }

  private int read(InputStream fromClient, byte[] buffer) throws IOException, RefusalException {
    try {
      return fromClient.read(buffer);
    } catch (UnreadableBodyException e) {
      throw new RefusalException(e.refusal(), push);
    }
  }
}
