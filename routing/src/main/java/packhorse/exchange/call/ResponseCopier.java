package packhorse.exchange.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ResponseObserver;

/// Copies responses of nodes to clients.
public final class ResponseCopier {
  private static final int BUFFER_BYTES = 64 * 1024;

  private ResponseCopier() {}

  /// Sends a whole response to an HTTP client: status, headers, body and trailers.
  ///
  /// @throws NodeFailure if the node fails before the first byte of the body
  public static Answer relay(Permit permit, RoutedResponse response, StatelessClient client)
      throws NodeFailure {
    NodeResponse fromNode = response.nodeResponse();
    if (fromNode.status() < 400) client.memory().verify();
    Headers filtered = headersFor(fromNode, permit.placement());
    Headers headers = GitContentType.complete(permit.request(), fromNode, filtered);
    return relay(response, headers, client);
  }

  /// The headers of a node's response that a client may receive.
  ///
  /// @param placement of the client's request
  public static Headers headersFor(NodeResponse fromNode, Placement placement) {
    return ResponseHeaderFilter.forClient(fromNode, placement);
  }

  /// Sends a whole response to an HTTP client with these headers.
  public static Answer relay(RoutedResponse response, Headers headers, StatelessClient client) {
    StatelessClient.Transfer transfer =
        client.relay(response.nodeResponse(), headers, response.observer());
    Answer answer = response.toAnswer(transfer.bytes());
    return transfer.interruption().map(answer::interruptedBy).orElse(answer);
  }

  /// Copies the remainder of a node's response to an SSH client, one buffer at a time. A client
  /// that reads slowly slows the node down. When this returns, all of it has been written and
  /// flushed.
  ///
  /// @return the number of bytes
  /// @throws RefusalException if the node fails, or ends the response too early; the client can
  ///   still be told, at least on its standard error
  public static long copyRemainder(
      NodeResponse response, ConversationClient client, ResponseObserver observer)
      throws RefusalException, ClientGoneException, IOException {
    OutputStream toClient = client.toClient();
    client.setMidResponse(true);
    InputStream fromNode = response.body();
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    try {
      for (int n = read(fromNode, buffer, response); n >= 0; n = read(fromNode, buffer, response)) {
        observer.onBytes(ByteBuffer.wrap(buffer, 0, n));
        toClient.write(buffer, 0, n);
        total += n;
        // The client waits for what a node sends before a pause: progress, an acknowledgment.
        if (fromNode.available() == 0) toClient.flush();
      }
    } finally {
      observer.onEnd();
    }
    toClient.flush();
    if (observer.isTruncated()) throw truncated(response);
    client.setMidResponse(false);
    return total;
  }

  /// Reads the next bytes of a node's response.
  ///
  /// @return the number of bytes, or -1 at the end
  /// @throws RefusalException if the node fails
  public static int read(InputStream fromNode, byte[] buffer, NodeResponse response)
      throws RefusalException, IOException {
    try {
      return fromNode.read(buffer);
    } catch (NodeFailure e) {
      throw new RefusalException(truncationRefusal(response.node(), e), e);
    }
  }

  /// The exception for a response that the node ended too early.
  public static RefusalException truncated(NodeResponse response) {
    NodeFailure failure = NodeFailure.truncatedResponse(response.node());
    return new RefusalException(truncationRefusal(response.node(), failure), failure);
  }

  /// The refusal for a client whose response was cut off by a node.
  public static Refusal truncationRefusal(Node node, IOException cause) {
    return new Refusal(
        Refusal.Kind.NODE_FAILED,
        "the node " + node.name() + " failed in the middle of its response",
        String.valueOf(cause.getMessage()));
  }
}
