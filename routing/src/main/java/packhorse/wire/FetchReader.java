package packhorse.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the body of a v0 (or v1) fetch over stateless RPC. For v2 see [V2CommandReader].
public final class FetchReader {

  private FetchReader() {}

  /// The fetch in a body; empty for `0000` alone, a legitimate request for nothing.
  ///
  /// As at git, the haves end at the first flush behind them; what a client says after that goes to
  /// [Fetch#unknown].
  ///
  /// @param body at most [Limits#FETCH_BYTES]
  /// @throws WireException for anything that is not git's grammar
  public static Optional<Fetch> v0(byte[] body) throws WireException {
    try {
      return read(new PktReader(new ByteArrayInputStream(body), Limits.FETCH_BYTES));
    } catch (WireException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private static Optional<Fetch> read(PktReader in) throws IOException {
    Optional<V0Wants> wants = V0Wants.read(in);
    if (wants.isEmpty()) {
      return Optional.empty();
    }
    V0Round round = V0Round.read(in, wants.get().format());
    boolean done = round.end() == V0Round.End.DONE;
    Fetch.Known known = new Fetch.Known(round.haves(), wants.get().shallows(), done);
    return Optional.of(V0WantsReader.fetch(wants.get(), known, trailing(in)));
  }

  private static List<String> trailing(PktReader in) throws IOException {
    List<String> trailing = new ArrayList<>();
    for (Optional<Pkt> next = in.next(); next.isPresent(); next = in.next()) {
      Words.addUnknown(trailing, next.get() instanceof Pkt.Line line ? line.text() : "");
    }
    return trailing;
  }
}
