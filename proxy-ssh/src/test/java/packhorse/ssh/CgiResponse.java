package packhorse.ssh;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;

/// The response of a CGI program.
final class CgiResponse implements NodeResponse {
  private final Node node;
  private final Process process;
  private final BufferedInputStream body;
  private int status = 200;
  private Headers headers = Headers.empty();

  CgiResponse(Node node, Process process) throws IOException {
    this.node = node;
    this.process = process;
    this.body = new BufferedInputStream(process.getInputStream());
    for (String line = CgiLink.readLine(body); !line.isEmpty(); line = CgiLink.readLine(body)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.equals("Status")) status = Integer.parseInt(value.substring(0, 3));
      else headers = headers.plus(name, value);
    }
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
    return "";
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public ByteBuffer peek() throws NodeFailure {
    try {
      body.mark(8192);
      byte[] first = new byte[8192];
      int count = body.read(first);
      body.reset();
      return ByteBuffer.wrap(first, 0, Math.max(0, count));
    } catch (IOException e) {
      throw new NodeFailure(node, true, "broken", e);
    }
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return Headers.empty();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
