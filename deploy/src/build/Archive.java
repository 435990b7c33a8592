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

/// Writes the distribution as a reproducible tar.gz: the same files give the same bytes, on every
/// machine and at any time. Used by [Distribution].
///
/// The start-up cache is left out, because no two trainings produce the same one: it contains
/// profiles of what was executed and how often.
final class Archive {
  private static final int BLOCK = 512;

  private final Path home;
  private final Path archive;
  private final Instant time;

  /// @param home the folder of the distribution
  /// @param archive the tar.gz to write
  /// @param time the modification time of every entry
  Archive(Path home, Path archive, Instant time) {
    this.home = home;
    this.archive = archive;
    this.time = time;
  }

  /// Writes the archive, unless it exists and was written from the same files.
  ///
  /// @param topFolder the folder that contains all entries of the archive
  /// @throws IOException also if the path of an entry is longer than 100 bytes
  void write(String topFolder) throws IOException {
    Path cache = home.resolve("lib/packhorse.aot");
    Key key = new Key(archive.resolveSibling(archive.getFileName() + ".key"));
    String inputs = topFolder + " " + time + "\n" + FileTree.checksums(List.of(home), cache);
    if (key.fits(inputs) && Files.exists(archive)) return;
    try (OutputStream out =
        new GZIPOutputStream(
            new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16), 1 << 16)) {
      for (Path file : FileTree.files(home)) {
        if (!file.equals(cache)) addEntry(out, topFolder, file);
      }
      // Two empty blocks mark the end of a tar archive.
      out.write(new byte[2 * BLOCK]);
    }
    key.write(inputs);
  }

  private void addEntry(OutputStream out, String topFolder, Path file) throws IOException {
    long size = Files.size(file);
    out.write(header(topFolder + "/" + home.relativize(file), Files.isExecutable(file), size));
    Files.copy(file, out);
    int padding = (int) (-size & (BLOCK - 1));
    out.write(new byte[padding]);
  }

  /// Returns the header of an entry in POSIX's ustar format. Its fields are, in this order: name,
  /// mode, user and group (both 0), size, modification time, checksum, type (a file) and magic.
  private byte[] header(String name, boolean executable, long size) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    if (path.length > 100)
      throw new IOException("the path is too long for the archive: \"" + name + "\"");
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    header.put(0, path);
    header.put(100, octal(executable ? 0755 : 0644, 7));
    header.put(108, octal(0, 7));
    header.put(116, octal(0, 7));
    header.put(124, octal(size, 11));
    header.put(136, octal(time.getEpochSecond(), 11));
    // The checksum is computed with spaces in its own field.
    header.put(148, "        ".getBytes(StandardCharsets.US_ASCII));
    header.put(156, (byte) '0');
    header.put(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    int checksum = 0;
    for (byte b : header.array()) checksum += b & 0xff;
    header.put(148, octal(checksum, 6));
    header.put(154, (byte) 0);
    return header.array();
  }

  private static byte[] octal(long value, int digits) {
    return String.format("%0" + digits + "o", value).getBytes(StandardCharsets.US_ASCII);
  }
}
