package packhorse.kit;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;
import packhorse.wire.WireText;

/// The response of a node that follows a script.
final class ScriptedResponse implements NodeResponse {
  private final Node node;
  private final ScriptedLink.Response scripted;
  private final byte[] bytes;
  private final InputStream body;
  private boolean closed;

  ScriptedResponse(Node node, ScriptedLink.Response scripted) {
    this.node = node;
    this.scripted = scripted;
    this.bytes = WireText.bytes(scripted.body());
    InputStream complete = new ByteArrayInputStream(bytes);
    this.body = scripted.truncated() ? new SequenceInputStream(complete, failing()) : complete;
  }

  private InputStream failing() {
    return new FailingInputStream(() -> {
      throw failure();
    });
  }

  private NodeFailure failure() {
    return new NodeFailure(node, true, "cut off", null);
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int status() {
    return scripted.status();
  }

  @Override
  public String reason() {
    return "";
  }

  @Override
  public Headers headers() {
    return RequestFixture.headersOf(scripted.headers().toArray(new String[0]));
  }

  @Override
  public ByteBuffer peek() throws NodeFailure {
    if (scripted.truncated() && bytes.length == 0) throw failure();
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return Headers.empty();
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
