import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// The distribution as a tar.gz: the same files give the same bytes, whoever builds, where and
/// when.
///
/// The start-up cache stays out: it is never the same twice (it remembers what one run did and how
/// often).
final class Archive {
  private static final int BLOCK = 512;

  private final Path home;
  private final Path file;
  private final Instant time;

  Archive(Path home, Path file, Instant time) {
    this.home = home;
    this.file = file;
    this.time = time;
  }

  /// Writes the archive, unless it is there and was made of the same files; in it all is under the
  /// folder `top`.
  void write(String top) throws IOException {
    Path cache = home.resolve("lib/packhorse.aot");
    Key key = new Key(file.resolveSibling(file.getFileName() + ".key"));
    String wanted = top + " " + time + "\n" + Content.of(List.of(home), cache);
    if (key.fits(wanted) && Files.exists(file)) return;
    try (OutputStream out =
        new GZIPOutputStream(
            new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), 1 << 16)) {
      for (Path each : Content.files(home)) if (!each.equals(cache)) add(out, top, each);
      out.write(new byte[2 * BLOCK]);
    }
    key.write(wanted);
  }

  private void add(OutputStream out, String top, Path each) throws IOException {
    long size = Files.size(each);
    out.write(header(top + "/" + home.relativize(each), Files.isExecutable(each), size));
    Files.copy(each, out);
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  /// A POSIX (ustar) header: name, mode, no owner, size, time, checksum, type, magic.
  private byte[] header(String name, boolean executable, long size) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    if (path.length > 100)
      throw new IOException("too long a name for the archive: \"" + name + "\"");
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    header.put(0, path);
    header.put(100, octal(executable ? 0755 : 0644, 7));
    header.put(108, octal(0, 7));
    header.put(116, octal(0, 7));
    header.put(124, octal(size, 11));
    header.put(136, octal(time.getEpochSecond(), 11));
    header.put(148, "        ".getBytes(StandardCharsets.US_ASCII));
    header.put(156, (byte) '0');
    header.put(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    int sum = 0;
    for (byte each : header.array()) sum += each & 0xff;
    header.put(148, octal(sum, 6));
    header.put(154, (byte) 0);
    return header.array();
  }

  private static byte[] octal(long value, int digits) {
    return String.format("%0" + digits + "o", value).getBytes(StandardCharsets.US_ASCII);
  }
}
