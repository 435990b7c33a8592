package packhorse.it.kit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// Writes commits into a repository through `git fast-import`; closing it makes them final. Used by
/// one thread.
public final class History implements AutoCloseable {
  private static final String WHO = "Al Smith <al@example.org> ";
  private static final long START = 1_767_323_045;
  private static final int MIB = 1 << 20;

  private final Started importer;
  private final OutputStream out;
  private final boolean onTop;
  private final Set<String> begun = new HashSet<>();
  private int count;

  private History(Started importer, boolean onTop) {
    this.importer = importer;
    this.out = new BufferedOutputStream(importer.stdin(), MIB);
    this.onTop = onTop;
  }

  /// Begins to write into a repository.
  ///
  /// @param onTop whether the branches that are there grow, or begin anew
  static History into(Repository repository, boolean onTop) {
    var git = repository.git().limit(java.time.Duration.ofMinutes(5));
    return new History(git.command("fast-import", "--quiet", "--force").piped().start(), onTop);
  }

  /// A commit that changes one file.
  public History commit(String ref, String file, String text) {
    begin(ref);
    inline(file, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// A commit that adds this many MiB of bytes that nothing can compress, the same for the same
  /// seed.
  public History noise(String ref, String folder, int mib, long seed) {
    begin(ref);
    var random = new Random(seed);
    byte[] piece = new byte[MIB];
    for (int i = 0; i < mib; i++) {
      random.nextBytes(piece);
      inline(folder + "/" + i, piece);
    }
    return this;
  }

  /// A new branch or light tag where another one is now.
  public History ref(String name, String where) {
    begun.add(name);
    say("reset " + name + "\nfrom " + where + "\n\n");
    return this;
  }

  /// An annotated tag.
  public History tag(String name, String where) {
    say("tag " + name + "\nfrom " + where + "\ntagger " + WHO + time() + "\n");
    bytes(("Release " + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  @Override
  public void close() {
    try (importer;
        out) {
      out.close();
      importer.finish().expectSuccess();
    } catch (IOException e) {
      throw new UncheckedIOException("git fast-import: " + importer.errorsSoFar(), e);
    }
  }

  private void begin(String ref) {
    say("commit " + ref + "\ncommitter " + WHO + time() + "\n");
    bytes(("Change number " + count + "\n").getBytes(StandardCharsets.UTF_8));
    if (begun.add(ref) && onTop) say("from " + ref + "^0\n");
  }

  private String time() {
    return (START + 60L * count++) + " +0000";
  }

  private void inline(String file, byte[] content) {
    say("M 100644 inline " + file + "\n");
    bytes(content);
  }

  private void bytes(byte[] content) {
    say("data " + content.length + "\n");
    write(content);
    say("\n");
  }

  private void say(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("git fast-import: " + importer.errorsSoFar(), e);
    }
  }
}
