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
/// tenth of their size. Called on any thread.
public final class Decisions {
  private static final int BLOCK = 500;

  private final int blocks;
  private final Deque<byte[]> packed = new ArrayDeque<>();
  private List<String> open = new ArrayList<>(BLOCK);

  /// @param most how many lines are kept at least, once so many came
  public Decisions(int most) {
    blocks = Math.max(1, most / BLOCK);
  }

  synchronized void add(String line) {
    open.add(line);
    if (open.size() < BLOCK) return;
    packed.addFirst(pack(open));
    open = new ArrayList<>(BLOCK);
    if (packed.size() > blocks) packed.removeLast();
  }

  /// The line of the request with that id.
  public Optional<String> find(String id) {
    String mark = "\"id\":\"" + id + "\"";
    List<byte[]> older;
    synchronized (this) {
      Optional<String> newest = open.stream().filter(line -> line.contains(mark)).findFirst();
      if (newest.isPresent()) return newest;
      older = List.copyOf(packed);
    }
    return older.stream()
        .flatMap(block -> unpack(block).lines())
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
