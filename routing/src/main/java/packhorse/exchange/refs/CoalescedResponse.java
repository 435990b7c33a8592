package packhorse.exchange.refs;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;

/// A shared node response as one of its clients sees it: the head of the node's response, and a
/// reader of its buffered body. Used on that client's thread.
final class CoalescedResponse implements NodeResponse {
  private final Node node;
  private final int status;
  private final String reason;
  private final Headers headers;
  private final FanOutBuffer.Reader body;

  CoalescedResponse(NodeResponse head, FanOutBuffer.Reader body) {
    this.node = head.node();
    this.status = head.status();
    this.reason = head.reason();
    this.headers = head.headers();
    this.body = body;
  }

  /// Whether a response is only for the client whose request caused it, because it sets a cookie or
  /// contains a challenge that is valid for one use (RFC 7616 §3.3, RFC 4559 §4.1).
  static boolean isPersonal(NodeResponse response) {
    Headers headers = response.headers();
    return headers.firstValue("Set-Cookie").isPresent()
        || headers.allValues("WWW-Authenticate").stream().anyMatch(CoalescedResponse::isSingleUse);
  }

  private static boolean isSingleUse(String challenge) {
    String lowerCase = challenge.toLowerCase(Locale.ROOT);
    return lowerCase.contains("nonce") || lowerCase.contains("negotiate ");
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String reason() {
    return reason;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public ByteBuffer peek() throws NodeFailure {
    return body.peek();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return body.trailers();
  }

  @Override
  public void close() {
    body.close();
  }
}
