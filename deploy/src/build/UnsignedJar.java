import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Copies a jar without its signature. The JVM stores no class of a signed jar in a start-up cache,
/// and it reads and verifies all signatures at each start, which takes longer for Bouncy Castle's
/// jars than the whole rest of the start. Maven has verified the jar's checksum before.
final class UnsignedJar {
  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

  private UnsignedJar() {}

  /// Whether a jar is signed.
  static boolean signed(Path jar) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      return zip.stream().anyMatch(entry -> SIGNATURE.matcher(entry.getName()).matches());
    }
  }

  /// Writes the copy. It begins with the manifest, without the digests of the entries; the entries
  /// follow, sorted by name. The same jar and time give the same bytes.
  ///
  /// @param time the modification time of every entry
  static void copy(Path jar, Path copy, Instant time) throws IOException {
    try (var zip = new ZipFile(jar.toFile());
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(copy), 1 << 16);
        var out = new ZipOutputStream(file)) {
      List<? extends ZipEntry> entries =
          zip.stream()
              .filter(entry -> !SIGNATURE.matcher(entry.getName()).matches())
              .filter(
                  entry -> !entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME))
              .sorted(Comparator.comparing(ZipEntry::getName))
              .toList();
      beginEntry(out, JarFile.MANIFEST_NAME, time);
      manifest(zip).write(out);
      for (ZipEntry entry : entries) {
        beginEntry(out, entry.getName(), time);
        try (var in = zip.getInputStream(entry)) {
          in.transferTo(out);
        }
      }
    }
  }

  private static void beginEntry(ZipOutputStream out, String name, Instant time)
      throws IOException {
    var entry = new ZipEntry(name);
    // The time must not depend on the time zone of this machine.
    entry.setTimeLocal(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    out.putNextEntry(entry);
  }

  private static Manifest manifest(ZipFile zip) throws IOException {
    try (var in = zip.getInputStream(zip.getEntry(JarFile.MANIFEST_NAME))) {
      var manifest = new Manifest(in);
      manifest.getEntries().values().forEach(UnsignedJar::removeDigests);
      manifest.getEntries().values().removeIf(Attributes::isEmpty);
      return manifest;
    }
  }

  private static void removeDigests(Attributes attributes) {
    attributes.keySet().removeIf(name -> name.toString().endsWith("-Digest"));
  }
}
