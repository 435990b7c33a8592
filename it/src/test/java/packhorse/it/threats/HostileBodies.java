package packhorse.it.threats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/// Fetch requests with hostile bodies, one row of `docs/threats.md` each: raw bytes of complete
/// requests that are framed correctly in HTTP.
enum HostileBodies {
  G1_BROKEN_GZIP(random -> {
    String compressed =
        gzip(MonitoredProxy.pkt("want " + MonitoredProxy.TIP + "\n") + "00000009done\n");
    String invalid = "\0\u0001\u001f\u008b\u00ff evil";
    return fetchRequest(
        compressed.substring(0, 12)
            + random.pick(invalid)
            + random.pick(invalid)
            + compressed.substring(12),
        "Content-Encoding: gzip");
  }),
  G1_BOMBS(random -> {
    String coding = random.pick(List.of("gzip", "x-gzip"));
    return fetchRequest(random.pick(Bombs.COMPRESSED), "Content-Encoding: " + coding);
  }),
  G1_CODINGS(random -> {
    String coding = random.pick(List.of("br", "gzip, gzip", "deflate", "zstd", "gzip;q=1", "evil"));
    return fetchRequest(gzip("0000"), "Content-Encoding: " + coding);
  }),
  G2_PKT_LINES(random -> {
    String valid =
        MonitoredProxy.pkt("want " + MonitoredProxy.TIP + " thin-pack\n")
            + "0000"
            + MonitoredProxy.pkt("have " + "b".repeat(40) + "\n")
            + "0009done\n";
    return fetchRequest(random.mutate(valid, "0123456789abcdefg-+ \r\n\0\u0663", 4));
  }),
  G2_LENGTHS(random -> {
    List<String> lengths =
        List.of("0003", "0001", "fff1", "ffff", "00zz", "-001", "+004", "\r\n04");
    return fetchRequest(
        random.pick(lengths)
            + random.text("want 0a\n", 40)
            + random.pick(List.of("0000", "0009done\n", "")));
  }),
  G2_EMPTY_PKTS(random -> fetchRequest("0004".repeat(1_000 + random.nextInt(4_000)) + "0000")),
  G3_WANTS(random -> {
    var body = new StringBuilder();
    int count = 100 + random.nextInt(300);
    for (int i = 0; i < count; i++) {
      body.append(
          MonitoredProxy.pkt(
              random.pick(List.of("want ", "have ", "shallow ", "deepen-not "))
                  + String.format("%040x", i)
                  + "\n"));
    }
    return fetchRequest(body + "00000009done\n");
  }),
  G4_VERSIONS(random -> {
    List<String> pkts =
        List.of(
            "command=fetch",
            "command=ls-refs\n",
            "command=x",
            "want " + MonitoredProxy.TIP,
            "done",
            "agent=x",
            "object-format=sha1",
            "ref-prefix refs/",
            "deepen 1",
            "have x");
    var body = new StringBuilder();
    for (int n = 1 + random.nextInt(8); n > 0; n--) {
      body.append(
          random.nextBoolean()
              ? MonitoredProxy.pkt(random.pick(pkts))
              : random.pick(List.of("0001", "0000")));
    }
    String version = random.pick(List.of("version=2", "version=1", "version=0", "version=3"));
    return fetchRequest(body.toString(), "Git-Protocol: " + version);
  });

  // The functions have no state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<SeededRandom, String> generator;

  HostileBodies(Function<SeededRandom, String> generator) {
    this.generator = generator;
  }

  /// Returns another request. `PORT` stands for the port of the proxy.
  String generate(SeededRandom random) {
    return generator.apply(random);
  }

  /// Bodies that decompress to more than the limit, made once: this takes longer than the requests.
  private static final class Bombs {
    static final List<String> COMPRESSED =
        IntStream.range(0, 10).mapToObj(n -> gzip("0".repeat(2_000_000 + n * 99_991))).toList();
  }

  private static String fetchRequest(String body, String... fields) {
    String[] allFields = Arrays.copyOf(fields, fields.length + 1);
    allFields[fields.length] = "Content-Length: " + body.length();
    return MonitoredProxy.postRequest(body, allFields);
  }

  private static String gzip(String text) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
