package packhorse.node;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.request.Headers;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;

/// A request to a node, composed by `packhorse.exchange` and sent unchanged by a [NodeLink].
///
/// @param target the path and query of the request line, relative to the node's own path prefix;
///   begins with a slash
/// @param host the value of the `Host` header
/// @param headers all header fields except `Host` and those of framing and connection, which the
///   link writes
/// @param mayPause whether the response may be silent for long after it has begun, as a stream of
///   events is
public record NodeRequest(
    String method, String target, String host, Headers headers, Body body, boolean mayPause) {
  /// Creates a request whose response has no pauses.
  public NodeRequest(String method, String target, String host, Headers headers, Body body) {
    this(method, target, host, headers, body, false);
  }

  /// Creates a request without a body.
  public static NodeRequest withoutBody(
      String method, String target, String host, Headers headers) {
    return new NodeRequest(method, target, host, headers, new NoBody());
  }

  /// The body of a request to a node.
  public sealed interface Body {}

  /// No body and no `Content-Length`.
  public record NoBody() implements Body {}

  /// A body in memory, sent with its `Content-Length`.
  public record BufferedBody(ByteString bytes) implements Body {}

  /// A body that is written while it is sent and never held in memory.
  ///
  /// @param length sent as `Content-Length` if known; otherwise the body is chunked
  public record StreamedBody(OptionalLong length, BodyWriter writer) implements Body {}

  /// Writes a request body to a node. Runs on the thread that called [NodeLink#send].
  public interface BodyWriter {
    /// Writes the whole body and returns; then the link ends the body. An exception aborts the
    /// request, so that a node never sees a clean end of a truncated body.
    ///
    /// @throws IOException if the client is gone
    /// @throws RefusalException if the proxy stops the client, for instance at a limit
    void writeTo(OutputStream toNode) throws IOException, RefusalException;
  }
}
