package packhorse.it.threats;

/// Reads a chunked body as strictly as RFC 9112 §7.1 has it: an oracle for generated ones. Pure.
final class Chunks {
  private Chunks() {}

  /// Whether some beginning of the text is a whole body, which what follows it is no part of.
  static boolean right(String text) {
    int at = 0;
    while (true) {
      int end = text.indexOf("\r\n", at);
      if (end < 0) return false;
      String line = text.substring(at, end);
      if (!line.matches("[0-9a-fA-F]{1,8}([ \t]*;[^\r\n\0]*)?")) return false;
      int size = Integer.parseInt(line.replaceFirst("[ \t]*;.*", ""), 16);
      at = end + 2;
      if (size == 0) return text.startsWith("\r\n", at) || text.substring(at).contains(":");
      at += size;
      if (at > text.length() || !text.startsWith("\r\n", at)) return false;
      at += 2;
    }
  }
}
