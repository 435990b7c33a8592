package packhorse.it.kit.git;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import packhorse.it.kit.process.RunningCommand;

/// Writes commits into a repository with `git fast-import`. Closing it completes them. For one
/// thread.
public final class FastImporter implements AutoCloseable {
  private static final String PERSON = "Al Smith <al@example.org> ";
  private static final long FIRST_DATE = 1_767_323_045;
  private static final int MIB = 1 << 20;

  private final RunningCommand process;
  private final OutputStream out;
  private final boolean append;
  private final Set<String> startedRefs = new HashSet<>();
  private int commitCount;

  private FastImporter(RunningCommand process, boolean append) {
    this.process = process;
    this.out = new BufferedOutputStream(process.stdin(), MIB);
    this.append = append;
  }

  /// Starts to write into a repository.
  ///
  /// @param append whether new commits are added to existing branches, or replace them
  public static FastImporter open(Repository repository, boolean append) {
    var git = repository.git().timeout(Duration.ofMinutes(5));
    return new FastImporter(
        git.command("fast-import", "--quiet", "--force").pipeInput().start(), append);
  }

  /// Adds a commit that changes one file.
  public FastImporter commit(String ref, String file, String text) {
    startCommit(ref);
    writeFile(file, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// Adds a commit with this many MiB of incompressible files, the same for the same seed.
  public FastImporter commitRandomFiles(String ref, String folder, int mib, long seed) {
    startCommit(ref);
    var random = new Random(seed);
    byte[] content = new byte[MIB];
    for (int i = 0; i < mib; i++) {
      random.nextBytes(content);
      writeFile(folder + "/" + i, content);
    }
    return this;
  }

  /// Creates a branch or lightweight tag at the commit of another one.
  public FastImporter createRef(String name, String target) {
    startedRefs.add(name);
    write("reset " + name + "\nfrom " + target + "\n\n");
    return this;
  }

  /// Adds an annotated tag.
  public FastImporter tag(String name, String target) {
    write("tag " + name + "\nfrom " + target + "\ntagger " + PERSON + nextDate() + "\n");
    writeData(("Release " + name + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  @Override
  public void close() {
    try (process;
        out) {
      out.close();
      process.waitFor().expectSuccess();
    } catch (IOException e) {
      throw new UncheckedIOException("git fast-import: " + process.errorsSoFar(), e);
    }
  }

  private void startCommit(String ref) {
    write("commit " + ref + "\ncommitter " + PERSON + nextDate() + "\n");
    writeData(("Change number " + commitCount + "\n").getBytes(StandardCharsets.UTF_8));
    if (startedRefs.add(ref) && append) write("from " + ref + "^0\n");
  }

  private String nextDate() {
    return (FIRST_DATE + 60L * commitCount++) + " +0000";
  }

  private void writeFile(String file, byte[] content) {
    write("M 100644 inline " + file + "\n");
    writeData(content);
  }

  private void writeData(byte[] content) {
    write("data " + content.length + "\n");
    write(content);
    write("\n");
  }

  private void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("git fast-import: " + process.errorsSoFar(), e);
    }
  }
}
