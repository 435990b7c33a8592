package packhorse.wire.refs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Recognizes a ref advertisement over HTTP in which nothing follows the line with the name of the
/// service. Some servers send it, with status 200, when git has failed. The advertisement of an
/// empty repository has at least one more pkt: its capabilities, or a second flush.
public final class EmptyAdvertisement {
  /// The length of the longest empty advertisement.
  public static final int MAX_BYTES = 35;

  private static final List<String> EMPTY =
      List.of("", "001e# service=git-upload-pack\n0000", "001f# service=git-receive-pack\n0000");

  private EmptyAdvertisement() {}

  /// Whether these bytes are such an advertisement, or none at all.
  ///
  /// @param body the whole body of a response to a request for an advertisement
  public static boolean isEmpty(ByteBuffer body) {
    if (body.remaining() > MAX_BYTES) return false;
    return EMPTY.contains(StandardCharsets.ISO_8859_1.decode(body.duplicate()).toString());
  }
}
