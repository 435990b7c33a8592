package packhorse.wire.pkt;

import packhorse.wire.ByteString;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;

/// A pkt-line: a data pkt, which has a body, or one of the three special pkts that have none. See
/// gitprotocol-common(5) and gitprotocol-v2(5). Immutable.
public sealed interface Pkt {

  /// A pkt with a body of at most [WireLimits#PKT_BYTES] minus four bytes. The body may be empty
  /// (`0004`).
  record Line(ByteString bytes) implements Pkt {

    /// The body in wire form (see [WireText]), without one trailing LF.
    public String text() {
      int size = bytes.size();
      String all = bytes.text();
      return size > 0 && all.charAt(size - 1) == '\n' ? all.substring(0, size - 1) : all;
    }
  }

  /// A flush-pkt, `0000`: ends a message or a section of it.
  record Flush() implements Pkt {}

  /// A delim-pkt, `0001`: separates the sections of a v2 message.
  record Delim() implements Pkt {}

  /// A response-end-pkt, `0002`: ends a response of v2 on a stateless connection.
  record ResponseEnd() implements Pkt {}

  Flush FLUSH = new Flush();
  Delim DELIM = new Delim();
  ResponseEnd RESPONSE_END = new ResponseEnd();

  /// Returns the text of a pkt where only a line is valid.
  ///
  /// This is not a default method: an interface with one is initialized before each class that
  /// implements it, but initializing this interface needs those classes for its constants. Two
  /// threads could deadlock.
  ///
  /// @param where the part of the message that is read, for the exception: `in the wants`
  /// @throws WireException when it is a special pkt
  static String requireText(Pkt pkt, String where) throws WireException {
    return switch (pkt) {
      case Line line -> line.text();
      case Flush _ -> throw new WireException("unexpected flush " + where);
      case Delim _ -> throw new WireException("unexpected delimiter " + where);
      case ResponseEnd _ -> throw new WireException("unexpected response end " + where);
    };
  }
}
