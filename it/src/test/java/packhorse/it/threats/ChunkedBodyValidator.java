package packhorse.it.threats;

/// Recognises chunked bodies (RFC 9112 §7.1), so that a generator of invalid bodies can discard the
/// valid ones. Chunk sizes and line ends are checked strictly. Extensions are not parsed, and after
/// the last chunk any text with a colon passes as a trailer section: in doubt, a body is valid.
final class ChunkedBodyValidator {
  private ChunkedBodyValidator() {}

  /// Returns whether a text starts with a complete chunked body; what follows that body is not
  /// checked.
  static boolean startsWithValidBody(String text) {
    int offset = 0;
    while (true) {
      int end = text.indexOf("\r\n", offset);
      if (end < 0) return false;
      String line = text.substring(offset, end);
      if (!line.matches("[0-9a-fA-F]{1,8}([ \t]*;[^\r\n\0]*)?")) return false;
      int size = Integer.parseInt(line.replaceFirst("[ \t]*;.*", ""), 16);
      offset = end + 2;
      if (size == 0) return text.startsWith("\r\n", offset) || text.substring(offset).contains(":");
      offset += size;
      if (offset > text.length() || !text.startsWith("\r\n", offset)) return false;
      offset += 2;
    }
  }
}
