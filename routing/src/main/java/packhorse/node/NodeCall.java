package packhorse.node;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.request.Headers;
import packhorse.request.Refused;
import packhorse.wire.Bytes;

/// What a node is to hear: composed by {@code exchange}, sent by a {@link NodeLink} as it stands.
///
/// @param target path and query as they go on the request line, below the node's own path prefix;
///   begins with a slash
/// @param headers every header line except Host, framing and connection ones, which the link writes
/// @param host the value of Host
public record NodeCall(String method, String target, String host, Headers headers, Body body) {

  /// A call without a body.
  public static NodeCall get(String method, String target, String host, Headers headers) {
    return new NodeCall(method, target, host, headers, new None());
  }

  /// What the node is to read.
  public sealed interface Body {}

  /// No body, no Content-Length.
  public record None() implements Body {}

  /// A body in memory, sent with its Content-Length.
  public record Whole(Bytes bytes) implements Body {}

  /// A body that is written while it is sent, never held.
  ///
  /// @param length sent as Content-Length if known, else the body is chunked
  public record Stream(OptionalLong length, Feeder feeder) implements Body {}

  /// Writes a body towards a node; runs on the thread that asked.
  public interface Feeder {
    /// Writes everything and returns; the link ends the body then. Whatever is thrown aborts the
    /// call: the node never sees a clean end of a body that was cut.
    ///
    /// @throws IOException when the client is gone
    /// @throws Refused when we stop the client, for instance at a limit
    void feed(OutputStream toNode) throws IOException, Refused;
  }
}
