package packhorse.wire;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One round of a v0 negotiation: some haves, and how they end. One answer is due for each round
/// that ends in a flush or in `done`.
public record V0Round(List<ObjectId> haves, End end) {

  /// What follows the haves.
  public enum End {
    /// `0000`: the client wants to hear which of them are known.
    FLUSH,
    /// `done`: the client wants its pack.
    DONE,
    /// The client has gone: without ever saying `done` when it was told enough or wanted only the
    /// shallow list.
    INPUT_ENDED
  }

  public V0Round {
    haves = IdList.copyOf(haves);
  }

  /// Reads one round.
  ///
  /// @param format the format of the wants
  /// @throws WireException for anything but haves, a flush, `done` or the end of input
  public static V0Round read(PktReader in, ObjectFormat format) throws IOException {
    IdList.Builder haves = new IdList.Builder();
    for (Optional<Pkt> next = in.next(); next.isPresent(); next = in.next()) {
      if (next.get() instanceof Pkt.Flush) {
        return new V0Round(haves.build(), End.FLUSH);
      }
      String line = PktText.of(next.get(), "in the haves");
      if (line.equals("done")) {
        return new V0Round(haves.build(), End.DONE);
      }
      if (!line.startsWith("have ")) {
        throw new WireException("expected a have, not " + WireText.quoted(line));
      }
      haves.add(id(line.substring(5), format));
    }
    return new V0Round(haves.build(), End.INPUT_ENDED);
  }

  private static ObjectId id(String hex, ObjectFormat format) throws WireException {
    ObjectId id = ObjectId.parse(hex);
    if (id.format() != format) {
      throw new WireException(
          "object format " + id.format().word() + " in a request of format " + format.word());
    }
    return id;
  }
}
