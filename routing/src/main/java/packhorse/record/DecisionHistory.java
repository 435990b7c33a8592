package packhorse.record;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// Keeps the most recent audit records in memory, for `packhorse explain`. They are compressed in
/// blocks to about a tenth of their size, and never take more than the memory that was allowed,
/// however long clients make the records. Called on any thread. Blocks are compressed outside the
/// lock, by the threads whose records fill them, so that no other thread waits for that; [#find]
/// sees their records meanwhile.
public final class DecisionHistory {
  private static final int BLOCK_LINES = 500;
  private static final int BLOCK_CHARS = 512 * 1024;
  private static final long DEFAULT_BYTES = 20L << 20;

  private static final class Block {
    private final int lineCount;
    private final byte[] compressed;

    Block(int lineCount, byte[] compressed) {
      this.lineCount = lineCount;
      this.compressed = compressed;
    }
  }

  private final int minLines;
  private final long maxBytes;
  private final Function<List<String>, byte[]> compressor;
  private final Deque<Block> blocks = new ArrayDeque<>();

  /// The full blocks that threads are compressing. Their lines do not change any more.
  private final Set<List<String>> compressing = Collections.newSetFromMap(new IdentityHashMap<>());

  private List<String> openBlock = new ArrayList<>(BLOCK_LINES);
  private int openChars;
  private int lineCount;
  private long compressedBytes;

  /// @param minLines the number of records that are kept at least, as far as the memory allows
  /// @param maxBytes the memory for compressed records
  public DecisionHistory(int minLines, long maxBytes) {
    this(minLines, maxBytes, DecisionHistory::compress);
  }

  /// @param compressor compresses the lines of a block; called on the thread that adds the last one
  DecisionHistory(int minLines, long maxBytes, Function<List<String>, byte[]> compressor) {
    this.minLines = minLines;
    this.maxBytes = maxBytes;
    this.compressor = compressor;
  }

  /// A history with 20 MiB of memory.
  public DecisionHistory(int minLines) {
    this(minLines, DEFAULT_BYTES);
  }

  void add(String line) {
    Optional<List<String>> fullBlock = append(line);
    if (fullBlock.isEmpty()) return;
    List<String> lines = fullBlock.get();
    insert(lines, new Block(lines.size(), compressor.apply(lines)));
  }

  /// Appends a line to the open block. If that is full then, begins another one and returns the
  /// full one, which the caller has to compress.
  private synchronized Optional<List<String>> append(String line) {
    openBlock.add(line);
    openChars += line.length();
    if (openBlock.size() < BLOCK_LINES && openChars < BLOCK_CHARS) return Optional.empty();
    List<String> fullBlock = openBlock;
    compressing.add(fullBlock);
    openBlock = new ArrayList<>(BLOCK_LINES);
    openChars = 0;
    return Optional.of(fullBlock);
  }

  private synchronized void insert(List<String> lines, Block block) {
    compressing.remove(lines);
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
    List<String> newest;
    List<Block> older;
    synchronized (this) {
      newest = new ArrayList<>(openBlock);
      compressing.forEach(newest::addAll);
      older = List.copyOf(blocks);
    }
    return Stream.concat(
            newest.stream(), older.stream().flatMap(block -> decompress(block.compressed).lines()))
        .filter(line -> line.contains(idField))
        .findFirst();
  }

  static byte[] compress(List<String> lines) {
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
