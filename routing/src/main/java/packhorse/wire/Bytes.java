package packhorse.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Bytes that nobody changes: the body of a pkt, or a request as it came in, to be relayed as it
/// is. Equal by content.
public final class Bytes {

  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /// A copy of the bytes.
  public static Bytes copyOf(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /// The bytes of a text in wire form, see [WireText].
  public static Bytes of(String wireText) {
    return new Bytes(WireText.bytes(wireText));
  }

  /// Takes the array over: the caller must not touch it again.
  static Bytes own(byte[] bytes) {
    return new Bytes(bytes);
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
  public Bytes from(int index) {
    return index == 0 ? this : new Bytes(Arrays.copyOfRange(array, index, array.length));
  }

  public boolean startsWith(Bytes beginning) {
    int size = beginning.size();
    return size <= size() && Arrays.equals(array, 0, size, beginning.array, 0, size);
  }

  /// These and those.
  public Bytes and(Bytes more) {
    if (more.isEmpty()) return this;
    byte[] both = Arrays.copyOf(array, array.length + more.array.length);
    System.arraycopy(more.array, 0, both, array.length, more.array.length);
    return new Bytes(both);
  }

  /// A copy.
  public byte[] toArray() {
    return array.clone();
  }

  /// A read-only view.
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  public InputStream stream() {
    return new ByteArrayInputStream(array);
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(array);
  }

  /// All bytes as text in wire form, see [WireText].
  public String text() {
    return WireText.text(array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
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
