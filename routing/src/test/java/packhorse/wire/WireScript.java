package packhorse.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;

/// A notation for pkts in tests, similar to that of git's `test-tool pkt-line`: one pkt in each
/// line. `0000`, `0001` and `0002` are the special pkts. Every other line gets a LF, unless it ends
/// with `\`. `\0`, `\1`, `\2`, `\3` and `\n` are escapes for those bytes; `{a}` is the object id of
/// forty `a`, `{{a}}` the one of sixty-four. A line that begins with `=` is written as raw bytes,
/// without a length.
public final class WireScript {

  private static final Pattern ID = Pattern.compile("\\{(\\{?)([0-9a-f])}}?");

  private WireScript() {}

  public static byte[] bytes(String script) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PktWriter out = new PktWriter(bytes);
    try {
      for (String line : script.lines().toList()) {
        switch (line) {
          case "0000" -> out.writeFlush();
          case "0001" -> out.writeDelim();
          case "0002" -> out.writeResponseEnd();
          default -> {
            if (line.startsWith("=")) {
              bytes.writeBytes(WireText.bytes(unescape(line.substring(1))));
            } else {
              out.writeBytes(body(line));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static ByteArrayInputStream stream(String script) {
    return new ByteArrayInputStream(bytes(script));
  }

  public static PktReader reader(String script) {
    return new PktReader(stream(script), WireLimits.FETCH_REQUEST_BYTES);
  }

  /// Replaces the escapes and the ids of a text.
  public static String unescape(String text) {
    String unescaped =
        text.replace("\\0", "\0")
            .replace("\\1", "\u0001")
            .replace("\\2", "\u0002")
            .replace("\\3", "\u0003")
            .replace("\\n", "\n");
    Matcher ids = ID.matcher(unescaped);
    return ids.replaceAll(id -> id.group(2).repeat(id.group(1).isEmpty() ? 40 : 64));
  }

  public static ObjectId id(char digit) {
    return new ObjectId(String.valueOf(digit).repeat(40));
  }

  private static byte[] body(String line) {
    boolean bare = line.endsWith("\\");
    String text = bare ? line.substring(0, line.length() - 1) : line + "\n";
    return WireText.bytes(unescape(text));
  }
}
