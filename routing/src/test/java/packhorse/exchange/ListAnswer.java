package packhorse.exchange;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.List;
import packhorse.kit.FailingStream;
import packhorse.kit.Sample;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.node.Route;
import packhorse.request.Headers;

/// A list of refs as a node answers it; its text need be none.
final class ListAnswer implements NodeAnswer {
  private final Node node = Sample.node("a");
  private final Headers headers;
  private final InputStream body;
  private volatile boolean closed;

  private ListAnswer(Headers headers, InputStream body) {
    this.headers = headers;
    this.body = body;
  }

  static ListAnswer of(byte[] body, String... headers) {
    return new ListAnswer(Sample.lines(headers), new ByteArrayInputStream(body));
  }

  /// One whose node breaks off behind these bytes.
  static ListAnswer brokenAfter(byte[] body) {
    InputStream broken =
        new FailingStream(() -> {
          throw new NodeFailure(Sample.node("a"), true, "cut off", null);
        });
    return new ListAnswer(
        Headers.none(), new SequenceInputStream(new ByteArrayInputStream(body), broken));
  }

  /// The same with the route that led to it.
  Asked asked() {
    return new Asked(new Route(List.of(node), true, "read"), this, List.of());
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public int status() {
    return 200;
  }

  @Override
  public String reason() {
    return "Fine";
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public ByteBuffer peek() {
    throw new AssertionError("whoever asks has looked at it already");
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return Sample.lines("X-Last: 1");
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
