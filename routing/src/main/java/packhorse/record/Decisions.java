package packhorse.record;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// The last hundred thousand audit lines, for {@code explain}. Kept compressed in blocks: about a
/// tenth of their size, and never more than the memory that was allowed, however long clients make
/// their lines. Called on any thread.
public final class Decisions {
  private static final int BLOCK_LINES = 500;
  private static final int BLOCK_CHARS = 512 * 1024;

  private static final class Block {
    private final int lines;
    private final byte[] packed;

    Block(List<String> lines) {
      this.lines = lines.size();
      this.packed = pack(lines);
    }
  }

  private final int most;
  private final long mostBytes;
  private final Deque<Block> blocks = new ArrayDeque<>();
  private List<String> open = new ArrayList<>(BLOCK_LINES);
  private int openChars;
  private int lines;
  private long bytes;

  /// @param most how many lines are kept at least, once so many came and if they fit
  /// @param mostBytes of memory for them
  public Decisions(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /// With 20 MiB of memory.
  public Decisions(int most) {
    this(most, 20L << 20);
  }

  synchronized void add(String line) {
    open.add(line);
    openChars += line.length();
    if (open.size() < BLOCK_LINES && openChars < BLOCK_CHARS) return;
    Block block = new Block(open);
    open = new ArrayList<>(BLOCK_LINES);
    openChars = 0;
    blocks.addFirst(block);
    lines += block.lines;
    bytes += block.packed.length;
    while (lines - blocks.getLast().lines >= most || bytes > mostBytes) drop();
  }

  private void drop() {
    Block oldest = blocks.removeLast();
    lines -= oldest.lines;
    bytes -= oldest.packed.length;
  }

  /// How many bytes the packed lines take now.
  synchronized long bytes() {
    return bytes;
  }

  /// The line of the request with that id.
  public Optional<String> find(String id) {
    String mark = "\"id\":\"" + id + "\"";
    List<Block> older;
    synchronized (this) {
      Optional<String> newest = open.stream().filter(line -> line.contains(mark)).findFirst();
      if (newest.isPresent()) return newest;
      older = List.copyOf(blocks);
    }
    return older.stream()
        .flatMap(block -> unpack(block.packed).lines())
        .filter(line -> line.contains(mark))
        .findFirst();
  }

  private static byte[] pack(List<String> lines) {
    var out = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(out)) {
      deflater.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private static String unpack(byte[] block) {
    try (var inflater = new InflaterInputStream(new ByteArrayInputStream(block))) {
      return new String(inflater.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }
}
