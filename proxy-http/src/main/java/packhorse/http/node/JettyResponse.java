package packhorse.http.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.Content;
import packhorse.http.io.ContentInputStream;
import packhorse.http.io.ContentSourceBody;
import packhorse.http.io.JettyHeaders;
import packhorse.http.io.PeekableSource;
import packhorse.http.io.WaitTimer;
import packhorse.node.BodySource;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.node.WaitListener;
import packhorse.request.Headers;

/// A node's response over HTTP. Its body is Jetty's content source, which is either read by
/// blocking or, as [#bodySource], driven by events.
final class JettyResponse implements NodeResponse {
  private final Node node;
  private final Response response;
  private final Headers headers;
  private final NodeExchange exchange;
  private final PeekableSource source;
  private final ContentInputStream<NodeFailure> body;
  private final WaitTimer waitTimer;

  JettyResponse(
      Node node,
      Response response,
      Content.Source source,
      NodeExchange exchange,
      WaitTimer waitTimer) {
    this.node = node;
    this.response = response;
    this.headers = JettyHeaders.fromJetty(response.getHeaders());
    this.exchange = exchange;
    this.source = new PeekableSource(source);
    this.body = new ContentInputStream<>(this.source, exchange::failure);
    this.waitTimer = waitTimer;
  }

  /// Aborts the exchange if the node has been silent for a while in the middle of its response. For
  /// any thread.
  void abortIfSilent(Duration time) {
    if (source.waitingNanos() >= time.toNanos()) {
      exchange.abort(new IOException("went down while it was silent"));
    }
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int status() {
    return response.getStatus();
  }

  @Override
  public String reason() {
    return Objects.requireNonNullElse(response.getReason(), "");
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public void awaitBody(WaitListener waitListener) throws NodeFailure, ClientGoneException {
    while (!body.awaitAvailable(waitListener.timeToNextCall(), waitTimer)) {
      waitListener.stillWaiting();
    }
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
  public BodySource bodySource() {
    return new ContentSourceBody(source, exchange::failure);
  }

  @Override
  public Headers trailers() {
    return JettyHeaders.fromJetty(response.getTrailers());
  }

  @Override
  public void close() {
    if (source.isEndReached()) {
      exchange.responseConsumed();
    } else {
      exchange.abort(new IOException("the rest of the response is not wanted"));
    }
    source.release();
  }
}
