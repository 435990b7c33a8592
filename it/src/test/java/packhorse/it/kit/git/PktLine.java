package packhorse.it.kit.git;

import java.nio.charset.StandardCharsets;

/// Writes pkt-lines, for tests that speak git's protocol themselves.
public final class PktLine {
  private PktLine() {}

  /// Returns a text as one pkt-line.
  public static String pkt(String text) {
    int length = text.getBytes(StandardCharsets.ISO_8859_1).length + 4;
    return String.format("%04x", length) + text;
  }
}
