package packhorse.http.node;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.util.BufferUtil;

/// Records the head of a node's response as it is on the wire and determines how strictly it
/// follows the syntax. Scripts behind a node end lines with LF alone and fold a long challenge over
/// several lines, and every client accepts that (RFC 9112 §2.2, §5.2). But it is also how text that
/// a node echoes becomes lines of the head. Such a head must therefore not frame a body, its
/// connection is not used again, and only a challenge may be folded. Used on one thread, by
/// [ResponseHeadValidator].
final class RawResponseHead {
  /// The lines of a head that are not fields: the status line and the empty line at the end.
  private static final int OTHER_LINES = 2;

  private static final String CHALLENGE_FIELD = "www-authenticate:";

  private final List<String> challenges = new ArrayList<>();
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream(512);
  private boolean complete;
  private int start;
  private int fieldCount;

  /// How a head was written.
  enum Syntax {
    /// Every line ends in CRLF and none is folded.
    STRICT,
    /// A line ends in LF alone, or a challenge is folded.
    LENIENT,
    /// A field that is not a challenge is folded.
    FORBIDDEN,
    /// The number of lines differs from the number of fields that Jetty read.
    MISMATCH
  }

  /// Starts to record the next head, which begins at the buffer's position.
  void start(ByteBuffer buffer) {
    complete = false;
    start = buffer.position();
    fieldCount = 0;
    recorded.reset();
  }

  /// Jetty has read a field.
  void countField() {
    fieldCount++;
  }

  /// Records what belongs to a head in a buffer that is about to be refilled, and clears it. The
  /// length is bounded by Jetty's limit for heads.
  void retain(ByteBuffer buffer) {
    if (complete) return;
    record(buffer);
    start = 0;
    BufferUtil.clear(buffer);
  }

  /// Ends the recording; the head ends at the buffer's position.
  Syntax finish(ByteBuffer buffer) {
    record(buffer);
    complete = true;
    byte[] head = recorded.toByteArray();
    // a cheap check, which nearly all heads pass
    if (isStrict(head)) return Syntax.STRICT;
    return syntax(new String(head, StandardCharsets.ISO_8859_1));
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
    return lines == fieldCount + OTHER_LINES;
  }

  private void record(ByteBuffer buffer) {
    int count = buffer.position() - start;
    // Jetty may have cleared the buffer or acquired another one.
    if (count <= 0) return;
    byte[] bytes = new byte[count];
    buffer.get(start, bytes);
    recorded.writeBytes(bytes);
  }

  private Syntax syntax(String head) {
    challenges.clear();
    boolean lenient = false;
    String field = "";
    int unfoldedLines = 0;
    for (String line : head.substring(0, head.length() - 1).split("\n", -1)) {
      lenient |= !line.endsWith("\r");
      boolean folded = line.startsWith(" ") || line.startsWith("\t");
      if (!folded) {
        field = line.toLowerCase(Locale.ROOT);
        unfoldedLines++;
        if (field.startsWith(CHALLENGE_FIELD)) {
          challenges.add(line.substring(CHALLENGE_FIELD.length()).strip());
        }
      } else if (!field.startsWith(CHALLENGE_FIELD)) {
        return Syntax.FORBIDDEN;
      } else {
        challenges.add((challenges.removeLast() + " " + line.strip()).strip());
      }
      lenient |= folded;
    }
    if (unfoldedLines != fieldCount + OTHER_LINES) return Syntax.MISMATCH;
    return lenient ? Syntax.LENIENT : Syntax.STRICT;
  }

  /// The challenges of the finished head, each unfolded into one line. Jetty's own value lacks the
  /// beginning of a challenge that is folded around a blank line.
  List<String> challenges() {
    return List.copyOf(challenges);
  }
}
