package packhorse.exchange;

import java.io.IOException;
import java.util.Optional;
import packhorse.node.NodeAnswer;
import packhorse.wire.Pkt;
import packhorse.wire.PktReader;

/// Looks at the first pkt of an answer without taking it.
final class FirstPkt {
  private FirstPkt() {}

  /// The first pkt, if the bytes that are here hold one whole; an error is short enough to come in
  /// one piece.
  static Optional<Pkt> of(NodeAnswer answer) {
    try {
      return PktReader.first(answer.peek());
    } catch (IOException e) {
      // no pkt at all: whatever it is, it is not an error that we know
      return Optional.empty();
    }
  }
}
