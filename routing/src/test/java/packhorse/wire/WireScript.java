package packhorse.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Git's own notation for tests: one pkt a line. `0000`, `0001` and `0002` alone are the special
/// pkts; every other line gets a LF unless it ends in `\`. `\0`, `\1`, `\2`, `\3` and `\n` are
/// those bytes; `{a}` is the object id of forty `a`, `{{a}}` that of sixty-four. A line that begins
/// with `=` is written without a length, as it is.
final class WireScript {

  private static final Pattern ID = Pattern.compile("\\{(\\{?)([0-9a-f])}}?");

  private WireScript() {}

  static byte[] bytes(String script) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PktWriter out = new PktWriter(bytes);
    try {
      for (String line : script.lines().toList()) {
        switch (line) {
          case "0000" -> out.flush();
          case "0001" -> out.delim();
          case "0002" -> out.responseEnd();
          default -> {
            if (line.startsWith("=")) {
              bytes.writeBytes(WireText.bytes(unescape(line.substring(1))));
            } else {
              out.bytes(body(line));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static ByteArrayInputStream stream(String script) {
    return new ByteArrayInputStream(bytes(script));
  }

  static PktReader reader(String script) {
    return new PktReader(stream(script), Limits.FETCH_BYTES);
  }

  /// A text with its escapes and ids written out.
  static String unescape(String text) {
    String unescaped =
        text.replace("\\0", "\0")
            .replace("\\1", "\u0001")
            .replace("\\2", "\u0002")
            .replace("\\3", "\u0003")
            .replace("\\n", "\n");
    Matcher ids = ID.matcher(unescaped);
    return ids.replaceAll(id -> id.group(2).repeat(id.group(1).isEmpty() ? 40 : 64));
  }

  static ObjectId id(char digit) {
    return new ObjectId(String.valueOf(digit).repeat(40));
  }

  private static byte[] body(String line) {
    boolean bare = line.endsWith("\\");
    String text = bare ? line.substring(0, line.length() - 1) : line + "\n";
    return WireText.bytes(unescape(text));
  }
}
