package packhorse.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The head of a node's answer as it stood on the wire. Scripts behind a node end lines with LF
/// alone and fold a long challenge over several lines, and every client takes that (RFC 9112 §2.2,
/// §5.2). But that is also how words that a node echoes become lines of its head: so such a head
/// may not say where its body ends, nothing else comes over its connection, and only a challenge
/// may be folded. Used on one thread, by the {@link StrictTransport}.
final class NodeHead {
  private static final String CHALLENGE = "www-authenticate:";

  private byte[] status = new byte[0];
  private final List<String> challenges = new ArrayList<>();
  private int from;
  private int fields;

  /// How a head was written.
  enum Writing {
    /// Every line ends in CRLF and stands for itself.
    STRICT,
    /// A line ends in LF alone, or a challenge is folded.
    LOOSE,
    /// Something else is folded.
    FORBIDDEN,
    /// Not all of it is here to be looked at.
    UNSEEN
  }

  /// The status line has been read.
  void begun(ByteBuffer buffer) {
    int end = buffer.position();
    from = end - 1;
    while (from > 0 && buffer.get(from - 1) != '\n') from--;
    status = bytes(buffer, from, end);
    fields = 0;
  }

  /// A field has been read.
  void field() {
    fields++;
  }

  /// All of it has been read.
  Writing read(ByteBuffer buffer) {
    int end = buffer.position();
    int mark = from + status.length;
    // it came in several pieces, of which the last is here
    if (end < mark || !Arrays.equals(status, bytes(buffer, from, mark))) {
      return Writing.UNSEEN;
    }
    return writing(new String(bytes(buffer, from, end), StandardCharsets.ISO_8859_1));
  }

  private Writing writing(String head) {
    challenges.clear();
    boolean loose = false;
    String named = "";
    int seen = 0;
    for (String line : head.substring(0, head.length() - 1).split("\n", -1)) {
      loose |= !line.endsWith("\r");
      boolean folded = line.startsWith(" ") || line.startsWith("\t");
      if (!folded) {
        named = line.toLowerCase(Locale.ROOT);
        seen++;
        if (named.startsWith(CHALLENGE)) challenges.add(line.substring(CHALLENGE.length()).strip());
      } else if (!named.startsWith(CHALLENGE)) {
        return Writing.FORBIDDEN;
      } else {
        challenges.add((challenges.removeLast() + " " + line.strip()).strip());
      }
      loose |= folded;
    }
    // besides the fields a status line and an empty one
    if (seen != fields + 2) return Writing.UNSEEN;
    return loose ? Writing.LOOSE : Writing.STRICT;
  }

  /// The challenges of a head that has been read, each on one line. Jetty loses the beginning of
  /// one that is folded around a line of blanks.
  List<String> challenges() {
    return List.copyOf(challenges);
  }

  private static byte[] bytes(ByteBuffer buffer, int from, int to) {
    byte[] bytes = new byte[to - from];
    buffer.get(from, bytes);
    return bytes;
  }
}
