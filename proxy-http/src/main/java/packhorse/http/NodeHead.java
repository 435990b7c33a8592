package packhorse.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.util.BufferUtil;

/// The head of a node's answer as it stood on the wire. Scripts behind a node end lines with LF
/// alone and fold a long challenge over several lines, and every client takes that (RFC 9112 §2.2,
/// §5.2). But that is also how words that a node echoes become lines of its head: so such a head
/// may not say where its body ends, nothing else comes over its connection, and only a challenge
/// may be folded. Used on one thread, by the {@link StrictTransport}.
final class NodeHead {
  /// A status line and an empty one.
  private static final int BESIDES_FIELDS = 2;

  private static final String CHALLENGE = "www-authenticate:";

  private final List<String> challenges = new ArrayList<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
  private boolean complete;
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
    /// Its lines are not the fields that Jetty read.
    UNLIKE
  }

  /// The next head, if there is one, begins where the buffer now stands.
  void next(ByteBuffer buffer) {
    complete = false;
    from = buffer.position();
    fields = 0;
    kept.reset();
  }

  /// A field has been read.
  void field() {
    fields++;
  }

  /// All that the buffer holds has been read, and its room is about to be filled anew: what belongs
  /// to a head is kept. No head is longer than Jetty takes.
  void keep(ByteBuffer buffer) {
    if (complete) return;
    keepTo(buffer);
    from = 0;
    BufferUtil.clear(buffer);
  }

  /// All of it has been read.
  Writing read(ByteBuffer buffer) {
    keepTo(buffer);
    complete = true;
    byte[] head = kept.toByteArray();
    // as nearly all are
    if (isStrict(head)) return Writing.STRICT;
    return writing(new String(head, StandardCharsets.ISO_8859_1));
  }

  private boolean isStrict(byte[] head) {
    if (head.length == 0 || head[0] <= ' ' || head[head.length - 1] != '\n') return false;
    int lines = 0;
    for (int i = 0; i < head.length; i++) {
      if (head[i] != '\n') continue;
      if (head[i - 1] != '\r') return false;
      if (i + 1 < head.length && (head[i + 1] == ' ' || head[i + 1] == '\t')) return false;
      lines++;
    }
    return lines == fields + BESIDES_FIELDS;
  }

  private void keepTo(ByteBuffer buffer) {
    int count = buffer.position() - from;
    // Jetty may have emptied it, or taken another
    if (count <= 0) return;
    byte[] read = new byte[count];
    buffer.get(from, read);
    kept.writeBytes(read);
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
    if (seen != fields + BESIDES_FIELDS) return Writing.UNLIKE;
    return loose ? Writing.LOOSE : Writing.STRICT;
  }

  /// The challenges of a head that has been read, each on one line. Jetty loses the beginning of
  /// one that is folded around a line of blanks.
  List<String> challenges() {
    return List.copyOf(challenges);
  }
}
