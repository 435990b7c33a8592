package packhorse.exchange.call;

import java.io.InputStream;
import java.nio.ByteBuffer;
import packhorse.node.BodySource;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.node.WaitListener;
import packhorse.placement.Backend;
import packhorse.request.Headers;

/// A node's response to git without the header fields that its software adds for browsers. They are
/// removed as soon as the response arrives, so that nothing else has to know of them. Used on one
/// thread.
final class GitHeadersResponse implements NodeResponse {
  private final NodeResponse response;
  private final Headers headers;

  private GitHeadersResponse(NodeResponse response, Headers headers) {
    this.response = response;
    this.headers = headers;
  }

  /// The response without these fields, or the response itself if it has none of them.
  static NodeResponse of(NodeResponse response, Backend backend) {
    Headers kept = response.headers().filter(field -> !backend.withholdsFromGit(field.name()));
    return kept.equals(response.headers()) ? response : new GitHeadersResponse(response, kept);
  }

  @Override
  public Node node() {
    return response.node();
  }

  @Override
  public int status() {
    return response.status();
  }

  @Override
  public String reason() {
    return response.reason();
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public void awaitBody(WaitListener waitListener) throws NodeFailure, ClientGoneException {
    response.awaitBody(waitListener);
  }

  @Override
  public ByteBuffer peek() throws NodeFailure {
    return response.peek();
  }

  @Override
  public InputStream body() {
    return response.body();
  }

  @Override
  public BodySource bodySource() {
    return response.bodySource();
  }

  @Override
  public Headers trailers() {
    return response.trailers();
  }

  @Override
  public void close() {
    response.close();
  }
}
