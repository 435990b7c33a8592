package packhorse.kit;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;
import packhorse.wire.WireText;

/// An answer out of a script.
final class ScriptedAnswer implements NodeAnswer {
  private final Node node;
  private final ScriptedLink.Answers answers;
  private final byte[] bytes;
  private final InputStream body;
  private boolean closed;

  ScriptedAnswer(Node node, ScriptedLink.Answers answers) {
    this.node = node;
    this.answers = answers;
    this.bytes = WireText.bytes(answers.body());
    InputStream whole = new ByteArrayInputStream(bytes);
    this.body = answers.brokenAfter() ? new SequenceInputStream(whole, broken()) : whole;
  }

  private InputStream broken() {
    return new FailingStream(() -> {
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
    return answers.status();
  }

  @Override
  public String reason() {
    return "";
  }

  @Override
  public Headers headers() {
    return Sample.lines(answers.headers().toArray(new String[0]));
  }

  @Override
  public ByteBuffer peek() throws NodeFailure {
    if (answers.brokenAfter() && bytes.length == 0) throw failure();
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return Headers.none();
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
