package packhorse.http;

import java.nio.charset.StandardCharsets;
import packhorse.wire.Bytes;

/// Text of ours for people, as bytes. Control characters of whatever was quoted in it never reach a
/// terminal.
final class PlainText {
  private PlainText() {}

  /// One line, UTF-8, with its LF.
  static Bytes of(String line) {
    StringBuilder clean = new StringBuilder(line.length() + 1);
    line.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(clean::appendCodePoint);
    return Bytes.copyOf(clean.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }
}
