package packhorse.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import packhorse.wire.ByteString;
import packhorse.wire.WireLimits;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.refs.Advertisement;
import packhorse.wire.refs.AdvertisementHead;
import packhorse.wire.refs.AdvertisementReader;
import packhorse.wire.refs.RefTips;
import packhorse.wire.refs.TipCollector;
import packhorse.wire.refs.V0AdvertisementSummary;
import packhorse.wire.translate.LsRefsTranslator;

/// What a v0 advertisement costs to read, in each of the ways in which it is read. Run by
/// `it/bench/advertisement`, on one thread.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ListBenchmark {
  private static final int PIECE = 16 * 1024;

  @Param({"100000"})
  int refs;

  private byte[] list = new byte[0];
  private V2Command.LsRefs everything;
  private V2Command.LsRefs oneBranch;

  @Setup
  public void make() throws IOException {
    list = list(refs);
    everything = command("");
    oneBranch = command(pkt("ref-prefix refs/heads/main\n"));
  }

  static byte[] list(int refs) {
    var text = new StringBuilder(pkt("# service=git-upload-pack\n") + "0000");
    Random random = new Random(1);
    String capabilities =
        "\0multi_ack_detailed side-band-64k thin-pack shallow filter agent=git/2.55.0";
    for (int i = 0; i < refs; i++) {
      String id = "%016x%016x%08x".formatted(random.nextLong(), random.nextLong(), i);
      text.append(
          pkt(id + " refs/heads/topic/%06d".formatted(i) + (i == 0 ? capabilities : "") + "\n"));
    }
    return text.append("0000").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static V2Command.LsRefs command(String arguments) throws IOException {
    String body =
        pkt("command=ls-refs\n") + "0001" + pkt("peel\n") + pkt("symrefs\n") + arguments + "0000";
    return (V2Command.LsRefs) V2CommandReader.read(ByteString.of(body)).orElseThrow();
  }

  private static String pkt(String line) {
    return "%04x%s".formatted(line.length() + 4, line);
  }

  private PktReader reader() {
    return new PktReader(new ByteArrayInputStream(list), WireLimits.ADVERTISEMENT_BYTES);
  }

  /// As it passes on its way to a client, where nodes can differ.
  @Benchmark
  public RefTips collectTipsInPassing() {
    return tips(list);
  }

  static RefTips tips(byte[] list) {
    var watch = new TipCollector(200_000);
    for (int at = 0; at < list.length; at += PIECE) {
      watch.onBytes(ByteBuffer.wrap(list, at, Math.min(PIECE, list.length - at)));
    }
    watch.onEnd();
    return watch.tips().orElseThrow();
  }

  /// What a v2 client's capabilities are made of, with `offer-v2`.
  @Benchmark
  public V0AdvertisementSummary readCapabilities() throws IOException {
    return V0AdvertisementSummary.read(reader());
  }

  /// A v2 list of all refs, made of it.
  @Benchmark
  public long translateEverything() throws IOException {
    return translated(everything);
  }

  /// A v2 list of one branch, made of it: the usual fetch of a CI job.
  @Benchmark
  public long translateOneBranch() throws IOException {
    return translated(oneBranch);
  }

  private long translated(V2Command.LsRefs command) throws IOException {
    PktReader in = reader();
    try (InputStream made = new LsRefsTranslator(AdvertisementHead.read(in), in, command)) {
      return made.transferTo(OutputStream.nullOutputStream());
    }
  }

  /// All of it as objects, which no exchange does.
  @Benchmark
  public Advertisement parseIntoObjects() throws IOException {
    return AdvertisementReader.read(new ByteArrayInputStream(list));
  }

  /// Prints the memory that is taken by what is remembered of such a list, next to the same as
  /// objects.
  public static void main(String[] arguments) throws IOException {
    byte[] list = list(100_000);
    System.out.printf("list of 100,000 refs: %,d bytes%n", list.length);
    System.out.printf("its tips, as weighed: %,d bytes%n", tips(list).byteSize());
    Object[] kept = new Object[20];
    long before = used();
    for (int i = 0; i < kept.length; i++) kept[i] = tips(list);
    System.out.printf("its tips, as the heap grows: %,d bytes%n", (used() - before) / kept.length);
    List.of(kept).forEach(java.util.Objects::requireNonNull);
    java.util.Arrays.fill(kept, null);
    before = used();
    for (int i = 0; i < 5; i++) kept[i] = AdvertisementReader.read(new ByteArrayInputStream(list));
    System.out.printf("the same as objects, as the heap grows: %,d bytes%n", (used() - before) / 5);
    java.util.Objects.requireNonNull(kept[4]);
  }

  private static long used() {
    for (int i = 0; i < 5; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
