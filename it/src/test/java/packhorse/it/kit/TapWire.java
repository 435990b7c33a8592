package packhorse.it.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// What went over one connection of a [Tap]. For any thread.
public final class TapWire {
  private final LongSupplier turns;
  private final ByteArrayOutputStream up = new ByteArrayOutputStream();
  private final ByteArrayOutputStream down = new ByteArrayOutputStream();
  // where each piece from the client begins, and when it came
  private final TreeMap<Integer, Long> begun = new TreeMap<>();

  TapWire(LongSupplier turns) {
    this.turns = turns;
  }

  /// A request and its answer.
  ///
  /// @param begun orders those of several connections
  public record Exchange(long begun, RawMessage request, RawMessage answer) {}

  synchronized void keepUp(byte[] piece, int count) {
    begun.put(up.size(), turns.getAsLong());
    up.write(piece, 0, count);
  }

  synchronized void keepDown(byte[] piece, int count) {
    down.write(piece, 0, count);
  }

  synchronized void forget() {
    up.reset();
    down.reset();
    begun.clear();
  }

  synchronized long up() {
    return up.size();
  }

  synchronized long down() {
    return down.size();
  }

  /// Empty while an answer has not come to its end.
  synchronized Optional<List<Exchange>> exchanges() {
    var requests = new ByteArrayInputStream(up.toByteArray());
    var answers = new ByteArrayInputStream(down.toByteArray());
    List<Exchange> exchanges = new ArrayList<>();
    try {
      while (requests.available() > 0) {
        var piece = begun.floorEntry(up.size() - requests.available());
        long turn = Objects.requireNonNull(piece).getValue();
        var request = RawMessage.read(requests, true);
        var answer = RawMessage.read(answers, false);
        if (answer.isEmpty()) return Optional.empty();
        exchanges.add(new Exchange(turn, request.orElseThrow(), answer.get()));
      }
      return Optional.of(exchanges);
    } catch (IOException incomplete) {
      return Optional.empty();
    }
  }
}
