package packhorse.wire;

/// Reads pkts as lines where nothing but lines may stand.
final class PktText {

  private PktText() {}

  /// The text of a line; anything else is malformed.
  ///
  /// @param where for the message: `in the wants`
  static String of(Pkt pkt, String where) throws WireException {
    return switch (pkt) {
      case Pkt.Line line -> line.text();
      case Pkt.Flush _ -> throw new WireException("unexpected flush " + where);
      case Pkt.Delim _ -> throw new WireException("unexpected delimiter " + where);
      case Pkt.ResponseEnd _ -> throw new WireException("unexpected response end " + where);
    };
  }
}
