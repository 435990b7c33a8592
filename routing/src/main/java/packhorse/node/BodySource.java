package packhorse.node;

import java.io.InputStream;
import packhorse.wire.ByteString;

/// The bytes of a [NodeResponse]'s body in the form in which a front moves them to a client most
/// cheaply. A front handles every form in one `switch`. Used instead of [NodeResponse#body], by the
/// thread that owns the response; a body is moved once.
public sealed interface BodySource {

  /// Bytes that are read by blocking; reading throws [NodeFailure] when the node fails.
  ///
  /// @param stream read to its end; the response closes it
  record Stream(InputStream stream) implements BodySource {}

  /// Bytes that the proxy composed, followed by another body.
  ///
  /// @param prefix the composed bytes; may be empty
  /// @param rest the remainder of the node's body, unchanged
  record Prefixed(ByteString prefix, BodySource rest) implements BodySource {}

  /// Bytes that a link delivers as events of its own I/O library, so that no thread wakes up for
  /// each buffer. Opaque to the core: a link implements it for the front in its own module, which
  /// knows the library.
  non-sealed interface EventDriven extends BodySource {}
}
