package packhorse.wire;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/// Detects the end of a pack that is sent without framing: the last 20 or 32 bytes of a pack are
/// the digest of all bytes before them. It is given the bytes while they are relayed, keeps only
/// the last 20 or 32 of them, and is queried whenever the sender pauses. Not thread-safe.
public final class PackEndDetector {

  private static final int HEADER_BYTES = 12;

  private final MessageDigest digest;
  private final byte[] trailer;
  private int trailerSize;
  private long byteCount;

  public PackEndDetector(ObjectFormat format) {
    this.digest = format.newDigest();
    this.trailer = new byte[format.rawLength()];
  }

  /// Adds the next bytes of the pack.
  public void update(byte[] bytes, int offset, int length) {
    byteCount += length;
    if (length >= trailer.length) {
      digest.update(trailer, 0, trailerSize);
      digest.update(bytes, offset, length - trailer.length);
      System.arraycopy(bytes, offset + length - trailer.length, trailer, 0, trailer.length);
      trailerSize = trailer.length;
      return;
    }
    int shifted = Math.max(0, trailerSize + length - trailer.length);
    digest.update(trailer, 0, shifted);
    System.arraycopy(trailer, shifted, trailer, 0, trailerSize - shifted);
    trailerSize -= shifted;
    System.arraycopy(bytes, offset, trailer, trailerSize, length);
    trailerSize += length;
  }

  /// The number of bytes so far.
  public long byteCount() {
    return byteCount;
  }

  /// Whether the bytes so far are a whole pack. Each call copies the state of the digest once.
  public boolean complete() {
    if (byteCount < HEADER_BYTES + trailer.length) {
      return false;
    }
    try {
      MessageDigest copy = (MessageDigest) digest.clone();
      byte[] expected = new byte[trailer.length];
      copy.digest(expected, 0, expected.length);
      return Arrays.equals(expected, trailer);
    } catch (CloneNotSupportedException | DigestException e) {
      throw new IllegalStateException("every Java runtime can copy " + digest.getAlgorithm(), e);
    }
  }
}
