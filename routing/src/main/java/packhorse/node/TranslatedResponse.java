package packhorse.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import packhorse.request.Headers;
import packhorse.wire.ByteString;

/// A node's response, translated to the protocol version of the client. It has the node's status,
/// trailers and most header fields, and another body: one that the proxy composed, one that is
/// generated from the node's body, or a composed prefix and the unchanged remainder of the node's
/// body. Created by the exchanges and sent to the client like any other response. Used on one
/// thread.
public final class TranslatedResponse implements NodeResponse {
  private static final int PREFIX_BYTES = 16 * 1024;

  // These fields describe the bytes that the node sent, not those of the translation.
  private static final Set<String> BODY_FIELDS =
      Set.of("content-length", "content-encoding", "content-md5", "etag", "accept-ranges");

  private final NodeResponse response;
  private final Headers headers;
  private final ByteString prefix;
  private final boolean relaysRemainder;
  private final InputStream body;

  private TranslatedResponse(
      NodeResponse response,
      Headers headers,
      ByteString prefix,
      InputStream body,
      boolean relaysRemainder) {
    this.response = response;
    this.headers = headers;
    this.prefix = prefix;
    this.relaysRemainder = relaysRemainder;
    this.body = body;
  }

  /// Replaces the whole body with bytes that the proxy composed.
  public static TranslatedResponse replaced(NodeResponse response, ByteString bytes) {
    Headers headers =
        retainedHeaders(response).plus("Content-Length", Integer.toString(bytes.size()));
    return new TranslatedResponse(response, headers, bytes, bytes.newInputStream(), false);
  }

  /// Replaces the body with a stream that is generated from the node's body while it is read. Reads
  /// the beginning of the stream, which [#peek] returns, so an error there is thrown before the
  /// client receives anything.
  ///
  /// @throws IOException if reading `generated` fails
  public static TranslatedResponse generated(NodeResponse response, InputStream generated)
      throws IOException {
    ByteString prefix = ByteString.copyOf(generated.readNBytes(PREFIX_BYTES));
    return new TranslatedResponse(
        response, retainedHeaders(response), prefix, concatenated(prefix, generated), false);
  }

  /// Replaces the part of the node's body that was already read with bytes that the proxy composed.
  /// The remainder follows unchanged.
  public static TranslatedResponse prefixed(NodeResponse response, ByteString prefix) {
    return new TranslatedResponse(
        response, retainedHeaders(response), prefix, concatenated(prefix, response.body()), true);
  }

  /// Returns this response with another content type; this object must not be used afterwards,
  /// because both have the same body. The node's advertisement, translated to a response to
  /// `ls-refs`, needs it: the node sent the content type of an advertisement.
  ///
  /// @param type the value of `Content-Type`
  public TranslatedResponse withContentType(String type) {
    Headers otherFields = headers.filter(field -> !field.hasName("Content-Type"));
    return new TranslatedResponse(
        response, otherFields.plus("Content-Type", type), prefix, body, relaysRemainder);
  }

  private static InputStream concatenated(ByteString prefix, InputStream remainder) {
    return new SequenceInputStream(prefix.newInputStream(), remainder);
  }

  private static Headers retainedHeaders(NodeResponse response) {
    return response
        .headers()
        .filter(field -> !BODY_FIELDS.contains(field.name().toLowerCase(Locale.ROOT)));
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
  public ByteBuffer peek() {
    return prefix.asReadOnlyBuffer();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public BodySource bodySource() {
    return relaysRemainder
        ? new BodySource.Prefixed(prefix, response.bodySource())
        : new BodySource.Stream(body);
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
