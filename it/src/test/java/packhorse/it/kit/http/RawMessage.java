package packhorse.it.kit.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An HTTP/1.1 message as it was on the wire, read by a recording node or a [RawClient]. Immutable.
public final class RawMessage {
  private static final int HEAD_LIMIT = 256 * 1024;

  private final String head;
  private final byte[] body;

  private RawMessage(String head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /// Returns the request line or status line.
  public String startLine() {
    return head.substring(0, head.indexOf("\r\n"));
  }

  /// Returns the status code of a response.
  public int status() {
    return Integer.parseInt(startLine().split(" ", 3)[1]);
  }

  /// Returns the start line and the header lines, each with its CR LF.
  public String head() {
    return head;
  }

  /// Returns the names and values of the headers as they were received, in their order.
  public List<Map.Entry<String, String>> headers() {
    var headers = new ArrayList<Map.Entry<String, String>>();
    for (String line : head.lines().skip(1).toList()) {
      int colon = line.indexOf(':');
      if (colon > 0)
        headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  /// Returns all values of a header.
  public List<String> header(String name) {
    return headers().stream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Returns the body without its framing.
  public byte[] body() {
    return body.clone();
  }

  /// Returns the body, decoded as ISO-8859-1.
  public String bodyText() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return head + "\r\n" + bodyText();
  }

  /// Reads a message with its body. Returns empty if the stream ends before its first byte.
  ///
  /// @param bounded whether a message without a length has no body (a request), or a body that ends
  ///   with the connection (a response)
  /// @throws EOFException if the stream ends within the message
  public static Optional<RawMessage> read(InputStream in, boolean bounded) throws IOException {
    Optional<String> head = readHead(in);
    if (head.isEmpty()) return Optional.empty();
    RawMessage headOnly = new RawMessage(head.get(), new byte[0]);
    return Optional.of(new RawMessage(head.get(), headOnly.readBody(in, bounded)));
  }

  /// Reads a head up to its empty line and leaves the body in the stream. Returns empty if the
  /// stream ends before its first byte.
  public static Optional<String> readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int b = in.read();
      if (b < 0 && head.isEmpty()) return Optional.empty();
      if (b < 0) throw new EOFException("in a message head: " + head);
      if (head.length() >= HEAD_LIMIT)
        throw new IOException("message head larger than " + HEAD_LIMIT);
      head.append((char) b);
    }
    return Optional.of(head.substring(0, head.length() - 2));
  }

  private byte[] readBody(InputStream in, boolean bounded) throws IOException {
    if (header("transfer-encoding").contains("chunked")) return readChunks(in);
    var length = header("content-length");
    if (!length.isEmpty()) return readExactly(in, Integer.parseInt(length.getFirst()));
    boolean bodiless = !bounded && (status() == 204 || status() == 304 || status() < 200);
    return bounded || bodiless ? new byte[0] : in.readAllBytes();
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      String size = readLine(in);
      int semicolon = size.indexOf(';');
      int count = Integer.parseInt(semicolon < 0 ? size : size.substring(0, semicolon), 16);
      if (count == 0) break;
      all.writeBytes(readExactly(in, count));
      readLine(in);
    }
    String trailer = readLine(in);
    while (!trailer.isEmpty()) trailer = readLine(in);
    return all.toByteArray();
  }

  private static byte[] readExactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count)
      throw new EOFException("a body of " + count + " bytes ended after " + bytes.length);
    return bytes;
  }

  private static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new EOFException("in a line of a chunked body");
      line.append((char) b);
    }
    return line.toString().strip();
  }
}
