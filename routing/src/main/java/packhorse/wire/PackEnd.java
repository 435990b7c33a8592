package packhorse.wire;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/// Says where a pack ends that nothing frames: its last 20 or 32 bytes are the digest of all before
/// them. It sees the bytes as they pass, keeps none but those, and is asked whenever the sender
/// pauses. For one thread.
public final class PackEnd {

  private static final int HEADER_BYTES = 12;

  private final MessageDigest digest;
  private final byte[] last;
  private int kept;
  private long seen;

  public PackEnd(ObjectFormat format) {
    this.digest = format.digest();
    this.last = new byte[format.rawBytes()];
  }

  /// More bytes of the pack.
  public void update(byte[] bytes, int offset, int length) {
    seen += length;
    if (length >= last.length) {
      digest.update(last, 0, kept);
      digest.update(bytes, offset, length - last.length);
      System.arraycopy(bytes, offset + length - last.length, last, 0, last.length);
      kept = last.length;
      return;
    }
    int leaving = Math.max(0, kept + length - last.length);
    digest.update(last, 0, leaving);
    System.arraycopy(last, leaving, last, 0, kept - leaving);
    kept -= leaving;
    System.arraycopy(bytes, offset, last, kept, length);
    kept += length;
  }

  /// How many bytes have been seen.
  public long seen() {
    return seen;
  }

  /// Whether what was seen so far is a whole pack. Costs one copy of the digest's state.
  public boolean complete() {
    if (seen < HEADER_BYTES + last.length) {
      return false;
    }
    try {
      MessageDigest soFar = (MessageDigest) digest.clone();
      byte[] expected = new byte[last.length];
      soFar.digest(expected, 0, expected.length);
      return Arrays.equals(expected, last);
    } catch (CloneNotSupportedException | DigestException e) {
      throw new IllegalStateException("every Java runtime can copy " + digest.getAlgorithm(), e);
    }
  }
}
