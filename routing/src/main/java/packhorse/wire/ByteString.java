package packhorse.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// An immutable sequence of bytes, such as the body of a pkt, or a request that is relayed as it
/// was received. Two byte strings are equal when their bytes are.
public final class ByteString {

  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private final byte[] array;

  private ByteString(byte[] array) {
    this.array = array;
  }

  /// A copy of the bytes.
  public static ByteString copyOf(byte[] bytes) {
    return new ByteString(bytes.clone());
  }

  /// The bytes of a text in wire form (see [WireText]).
  public static ByteString of(String wireText) {
    return new ByteString(WireText.bytes(wireText));
  }

  /// Wraps an array without copying it. The caller must not change the array afterwards.
  public static ByteString wrap(byte[] bytes) {
    return new ByteString(bytes);
  }

  public int size() {
    return array.length;
  }

  public boolean isEmpty() {
    return array.length == 0;
  }

  public byte get(int index) {
    return array[index];
  }

  /// The bytes from an index to the end.
  public ByteString substring(int beginIndex) {
    return beginIndex == 0
        ? this
        : new ByteString(Arrays.copyOfRange(array, beginIndex, array.length));
  }

  public boolean startsWith(ByteString prefix) {
    int size = prefix.size();
    return size <= size() && Arrays.equals(array, 0, size, prefix.array, 0, size);
  }

  /// These bytes followed by others.
  public ByteString concat(ByteString other) {
    if (other.isEmpty()) return this;
    byte[] both = Arrays.copyOf(array, array.length + other.array.length);
    System.arraycopy(other.array, 0, both, array.length, other.array.length);
    return new ByteString(both);
  }

  /// A copy of the bytes.
  public byte[] toArray() {
    return array.clone();
  }

  /// A read-only view of the bytes.
  public ByteBuffer asReadOnlyBuffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  public InputStream newInputStream() {
    return new ByteArrayInputStream(array);
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(array);
  }

  /// The bytes as a text in wire form (see [WireText]).
  public String text() {
    return WireText.text(array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return WireText.quoted(text());
  }
}
