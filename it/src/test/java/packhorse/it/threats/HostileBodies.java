package packhorse.it.threats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/// Fetches whose bodies mean harm, one row of the threats each: raw bytes of whole requests, framed
/// as HTTP has it.
enum HostileBodies {
  G1_BROKEN_GZIP(dice -> {
    String packed = packed(Watched.pkt("want " + Watched.TIP + "\n") + "00000009done\n");
    String odd = "\0\u0001\u001f\u008b\u00ff evil";
    return whole(
        packed.substring(0, 12) + dice.of(odd) + dice.of(odd) + packed.substring(12),
        "Content-Encoding: gzip");
  }),
  G1_BOMBS(dice -> {
    String packed = packed("0".repeat(2_000_000 + dice.below(1_000_000)));
    return whole(packed, "Content-Encoding: " + dice.of(List.of("gzip", "x-gzip")));
  }),
  G1_CODINGS(dice -> {
    String coding = dice.of(List.of("br", "gzip, gzip", "deflate", "zstd", "gzip;q=1", "evil"));
    return whole(packed("0000"), "Content-Encoding: " + coding);
  }),
  G2_PKT_LINES(dice -> {
    String right =
        Watched.pkt("want " + Watched.TIP + " thin-pack\n")
            + "0000"
            + Watched.pkt("have " + "b".repeat(40) + "\n")
            + "0009done\n";
    return whole(dice.mutated(right, "0123456789abcdefg-+ \r\n\0\u0663", 4));
  }),
  G2_LENGTHS(dice -> {
    List<String> lengths =
        List.of("0003", "0001", "fff1", "ffff", "00zz", "-001", "+004", "\r\n04");
    return whole(
        dice.of(lengths) + dice.text("want 0a\n", 40) + dice.of(List.of("0000", "0009done\n", "")));
  }),
  G2_EMPTY_PKTS(dice -> whole("0004".repeat(1_000 + dice.below(4_000)) + "0000")),
  G3_WANTS(dice -> {
    var body = new StringBuilder();
    int count = 100 + dice.below(300);
    for (int i = 0; i < count; i++) {
      body.append(
          Watched.pkt(
              dice.of(List.of("want ", "have ", "shallow ", "deepen-not "))
                  + String.format("%040x", i)
                  + "\n"));
    }
    return whole(body + "00000009done\n");
  }),
  G4_VERSIONS(dice -> {
    List<String> pkts =
        List.of(
            "command=fetch",
            "command=ls-refs\n",
            "command=x",
            "want " + Watched.TIP,
            "done",
            "agent=x",
            "object-format=sha1",
            "ref-prefix refs/",
            "deepen 1",
            "have x");
    var body = new StringBuilder();
    for (int n = 1 + dice.below(8); n > 0; n--) {
      body.append(dice.coin() ? Watched.pkt(dice.of(pkts)) : dice.of(List.of("0001", "0000")));
    }
    String version = dice.of(List.of("version=2", "version=1", "version=0", "version=3"));
    return whole(body.toString(), "Git-Protocol: " + version);
  });

  // functions that hold nothing
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<Dice, String> made;

  HostileBodies(Function<Dice, String> made) {
    this.made = made;
  }

  String next(Dice dice) {
    return made.apply(dice);
  }

  private static String whole(String body, String... fields) {
    String[] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = "Content-Length: " + body.length();
    return Watched.post(body, all);
  }

  private static String packed(String text) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
