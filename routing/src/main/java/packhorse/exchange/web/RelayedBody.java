package packhorse.exchange.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.exchange.call.Client;
import packhorse.node.NodeRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.UnreadableBodyException;

/// Writes the body of a client's request to a node, unread. It is written once.
public final class RelayedBody implements NodeRequest.BodyWriter {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Client client;
  private final OptionalLong limit;
  private boolean written;

  /// @param limit of the body in bytes
  public RelayedBody(Client client, OptionalLong limit) {
    this.client = client;
    this.limit = limit;
  }

  /// Checks a length that the client has announced, before a node hears of the request.
  ///
  /// @throws RefusalException with [Refusal.Kind#TOO_LARGE]
  public static void checkLength(OptionalLong length, OptionalLong limit) throws RefusalException {
    if (length.orElse(0) > limit.orElse(Long.MAX_VALUE)) throw tooLarge(limit);
  }

  @Override
  public void writeTo(OutputStream toNode) throws IOException, RefusalException {
    if (written) throw new IllegalStateException("a body is never sent twice");
    written = true;
    InputStream fromClient = client.fromClient();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    for (int n = read(fromClient, buffer); n >= 0; n = read(fromClient, buffer)) {
      total += n;
      if (total > limit.orElse(Long.MAX_VALUE)) throw tooLarge(limit);
      toNode.write(buffer, 0, n);
    }
  }

  private static int read(InputStream fromClient, byte[] buffer)
      throws IOException, RefusalException {
    try {
      return fromClient.read(buffer);
    } catch (UnreadableBodyException e) {
      throw new RefusalException(e.refusal());
    }
  }

  private static RefusalException tooLarge(OptionalLong limit) {
    return new RefusalException(
        Refusal.tooLarge("the upload", "the limit of " + limit.orElseThrow() + " bytes"));
  }
}
