package packhorse.it.threats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.Deflater;

/// A pack of one commit (gitformat-pack). Stateless.
final class CommitPack {
  private static final int COMMIT = 1;

  private CommitPack() {}

  /// Returns a pack of a commit without parents.
  ///
  /// @param author its author and committer: `Al <al@example.org>`
  /// @return the bytes, decoded as ISO-8859-1
  static String by(String author) {
    String date = " 1700000000 +0000\n";
    String commit =
        "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor "
            + author
            + date
            + "committer "
            + author
            + date
            + "\nA commit\n";
    byte[] content = commit.getBytes(StandardCharsets.ISO_8859_1);
    var pack = ByteBuffer.allocate(1024);
    pack.put("PACK".getBytes(StandardCharsets.US_ASCII)).putInt(2).putInt(1);
    putObjectHeader(pack, content.length);
    putDeflated(pack, content);
    byte[] bytes = new byte[pack.position()];
    pack.flip().get(bytes);
    return text(bytes) + text(sha1(bytes));
  }

  private static void putObjectHeader(ByteBuffer pack, int length) {
    int head = (COMMIT << 4) | (length & 0x0f);
    int rest = length >> 4;
    while (rest > 0) {
      pack.put((byte) (head | 0x80));
      head = rest & 0x7f;
      rest >>= 7;
    }
    pack.put((byte) head);
  }

  private static void putDeflated(ByteBuffer pack, byte[] content) {
    try (var deflater = new Deflater()) {
      deflater.setInput(content);
      deflater.finish();
      while (!deflater.finished()) deflater.deflate(pack);
    }
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
