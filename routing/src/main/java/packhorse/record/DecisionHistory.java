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

/// Keeps the most recent audit records in memory, for `packhorse explain`. They are compressed in
/// blocks to about a tenth of their size, and never take more than the memory that was allowed,
/// however long clients make the records. Called on any thread.
public final class DecisionHistory {
  private static final int BLOCK_LINES = 500;
  private static final int BLOCK_CHARS = 512 * 1024;
  private static final long DEFAULT_BYTES = 20L << 20;

  private static final class Block {
    private final int lineCount;
    private final byte[] compressed;

    Block(List<String> lines) {
      this.lineCount = lines.size();
      this.compressed = compress(lines);
    }
  }

  private final int minLines;
  private final long maxBytes;
  private final Deque<Block> blocks = new ArrayDeque<>();
  private List<String> openBlock = new ArrayList<>(BLOCK_LINES);
  private int openChars;
  private int lineCount;
  private long compressedBytes;

  /// @param minLines the number of records that are kept at least, as far as the memory allows
  /// @param maxBytes the memory for compressed records
  public DecisionHistory(int minLines, long maxBytes) {
    this.minLines = minLines;
    this.maxBytes = maxBytes;
  }

  /// A history with 20 MiB of memory.
  public DecisionHistory(int minLines) {
    this(minLines, DEFAULT_BYTES);
  }

  synchronized void add(String line) {
    openBlock.add(line);
    openChars += line.length();
    if (openBlock.size() < BLOCK_LINES && openChars < BLOCK_CHARS) return;
    Block block = new Block(openBlock);
    openBlock = new ArrayList<>(BLOCK_LINES);
    openChars = 0;
    blocks.addFirst(block);
    lineCount += block.lineCount;
    compressedBytes += block.compressed.length;
    while (lineCount - blocks.getLast().lineCount >= minLines || compressedBytes > maxBytes) {
      removeOldest();
    }
  }

  private void removeOldest() {
    Block oldest = blocks.removeLast();
    lineCount -= oldest.lineCount;
    compressedBytes -= oldest.compressed.length;
  }

  /// The memory that the compressed records take now, in bytes.
  synchronized long compressedBytes() {
    return compressedBytes;
  }

  /// Returns the record of the request with that id.
  public Optional<String> find(String id) {
    String idField = "\"id\":\"" + id + "\"";
    List<Block> older;
    synchronized (this) {
      Optional<String> newest =
          openBlock.stream().filter(line -> line.contains(idField)).findFirst();
      if (newest.isPresent()) return newest;
      older = List.copyOf(blocks);
    }
    return older.stream()
        .flatMap(block -> decompress(block.compressed).lines())
        .filter(line -> line.contains(idField))
        .findFirst();
  }

  private static byte[] compress(List<String> lines) {
    var out = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(out)) {
      deflater.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private static String decompress(byte[] block) {
    try (var inflater = new InflaterInputStream(new ByteArrayInputStream(block))) {
      return new String(inflater.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }
}
