package packhorse.exchange;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;

/// A node's answer for one of those who share it: the head as it came, the body as it goes through
/// the spool. Used on that one's thread.
final class SharedAnswer implements NodeAnswer {
  private final Node node;
  private final int status;
  private final String reason;
  private final Headers headers;
  private final Spool.Reader body;

  SharedAnswer(NodeAnswer head, Spool.Reader body) {
    this.node = head.node();
    this.status = head.status();
    this.reason = head.reason();
    this.headers = head.headers();
    this.body = body;
  }

  /// Whether an answer is for the client that asked and nobody else: it sets a cookie, or
  /// challenges the client with something that is good for one use (RFC 7616 §3.3, RFC 4559 §4.1).
  static boolean personal(NodeAnswer answer) {
    Headers headers = answer.headers();
    return headers.first("Set-Cookie").isPresent()
        || headers.all("WWW-Authenticate").stream().anyMatch(SharedAnswer::usedOnce);
  }

  private static boolean usedOnce(String challenge) {
    String lower = challenge.toLowerCase(Locale.ROOT);
    return lower.contains("nonce") || lower.contains("negotiate ");
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
