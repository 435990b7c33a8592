package packhorse.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.node.Silence;
import packhorse.request.Header;
import packhorse.request.Headers;

/// What a node answered over HTTP. The body is Jetty's content source, read by blocking here or
/// driven by the {@link Pump}.
final class JettyAnswer implements NodeAnswer {
  private final Node node;
  private final Response response;
  private final Headers headers;
  private final NodeExchange exchange;
  private final PeekedSource source;
  private final BodyStream<NodeFailure> body;
  private final Waits waits;

  JettyAnswer(
      Node node, Response response, Content.Source source, NodeExchange exchange, Waits waits) {
    this.node = node;
    this.response = response;
    this.headers = headers(response.getHeaders());
    this.exchange = exchange;
    this.source = new PeekedSource(source);
    this.body = new BodyStream<>(this.source, exchange::failure);
    this.waits = waits;
  }

  static Headers headers(@Nullable HttpFields fields) {
    List<Header> lines = new ArrayList<>();
    if (fields != null) {
      fields.forEach(field ->
          lines.add(new Header(field.getName(), Objects.requireNonNullElse(field.getValue(), ""))));
    }
    return new Headers(lines);
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
  public void await(Silence silence) throws NodeFailure, ClientGone {
    while (!body.cameWithin(silence.left(), waits)) silence.goesOn();
  }

  @Override
  public ByteBuffer peek() throws NodeFailure {
    return body.peek();
  }

  @Override
  public InputStream body() {
    return body;
  }

  /// The body for a pump; whoever drives it no longer reads {@link #body}.
  Content.Source source() {
    return source;
  }

  /// What to throw when the source failed.
  NodeFailure failure(Throwable cause) {
    return exchange.failure(cause);
  }

  @Override
  public Headers trailers() {
    return headers(response.getTrailers());
  }

  @Override
  public void close() {
    if (source.ended()) {
      exchange.finished();
    } else {
      exchange.abandon(new IOException("the rest of the answer is not wanted"));
    }
    source.release();
  }
}
