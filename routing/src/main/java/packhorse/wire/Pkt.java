package packhorse.wire;

/// One pkt-line: a line with a body, or one of the three special pkts. See gitprotocol-common(5)
/// and gitprotocol-v2(5).
public sealed interface Pkt {

  /// A pkt with a body, at most [Limits#PKT] minus four bytes; it may be empty (`0004`).
  record Line(Bytes bytes) implements Pkt {

    /// The body without one trailing LF, one char for each byte (see [WireText]).
    public String text() {
      int size = bytes.size();
      String all = bytes.text();
      return size > 0 && all.charAt(size - 1) == '\n' ? all.substring(0, size - 1) : all;
    }
  }

  /// `0000`
  record Flush() implements Pkt {}

  /// `0001`
  record Delim() implements Pkt {}

  /// `0002`
  record ResponseEnd() implements Pkt {}

  Flush FLUSH = new Flush();
  Delim DELIM = new Delim();
  ResponseEnd RESPONSE_END = new ResponseEnd();
}
