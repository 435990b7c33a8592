package packhorse.it.kit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One HTTP/1.1 message as it stood on the wire: what a [RecordingNode] or a [RawClient] read.
/// Immutable.
public final class RawMessage {
  private static final int HEAD_LIMIT = 256 * 1024;

  private final String head;
  private final byte[] body;

  private RawMessage(String head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /// The request line or status line.
  public String startLine() {
    return head.substring(0, head.indexOf("\r\n"));
  }

  /// The status code of an answer.
  public int status() {
    return Integer.parseInt(startLine().split(" ", 3)[1]);
  }

  /// Start line and headers, each with its CR LF.
  public String head() {
    return head;
  }

  /// Names as they came, and values, in their order.
  public List<Map.Entry<String, String>> headers() {
    var headers = new ArrayList<Map.Entry<String, String>>();
    for (String line : head.lines().skip(1).toList()) {
      int colon = line.indexOf(':');
      if (colon > 0)
        headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  /// All values of one header.
  public List<String> header(String name) {
    return headers().stream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// The body without its framing.
  public byte[] body() {
    return body.clone();
  }

  /// The body as ISO-8859-1.
  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return head + "\r\n" + text();
  }

  /// Reads a message with its body; empty if the connection ends before its first byte.
  ///
  /// @param bounded whether a message that states no length has no body (requests), or one as far
  ///   as the end of the connection (answers)
  /// @throws EOFException if the connection ends in its midst
  static Optional<RawMessage> read(InputStream in, boolean bounded) throws IOException {
    Optional<String> head = head(in);
    if (head.isEmpty()) return Optional.empty();
    RawMessage bare = new RawMessage(head.get(), new byte[0]);
    return Optional.of(new RawMessage(head.get(), bare.bodyOf(in, bounded)));
  }

  /// Reads as far as the empty line and leaves the body; empty if there is no byte.
  static Optional<String> head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int b = in.read();
      if (b < 0 && head.isEmpty()) return Optional.empty();
      if (b < 0) throw new EOFException("in the head of a message: " + head);
      if (head.length() >= HEAD_LIMIT) throw new IOException("a head without end");
      head.append((char) b);
    }
    return Optional.of(head.substring(0, head.length() - 2));
  }

  private byte[] bodyOf(InputStream in, boolean bounded) throws IOException {
    if (header("transfer-encoding").contains("chunked")) return chunks(in);
    var length = header("content-length");
    if (!length.isEmpty()) return exactly(in, Integer.parseInt(length.getFirst()));
    boolean answerWithout = !bounded && (status() == 204 || status() == 304 || status() < 200);
    return bounded || answerWithout ? new byte[0] : in.readAllBytes();
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int semicolon = size.indexOf(';');
      int count = Integer.parseInt(semicolon < 0 ? size : size.substring(0, semicolon), 16);
      if (count == 0) break;
      all.writeBytes(exactly(in, count));
      line(in);
    }
    String trailer = line(in);
    while (!trailer.isEmpty()) trailer = line(in);
    return all.toByteArray();
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count)
      throw new EOFException("a body of " + count + " bytes ended after " + bytes.length);
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new EOFException("in a line of a chunked body");
      line.append((char) b);
    }
    return line.toString().strip();
  }
}
