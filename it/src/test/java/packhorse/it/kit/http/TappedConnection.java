package packhorse.it.kit.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The bytes of one connection of a [TcpTap]. For any thread.
public final class TappedConnection {
  private final LongSupplier sequence;
  private final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
  // The offset of each piece from the client, and its sequence number.
  private final TreeMap<Integer, Long> sequenceNumbers = new TreeMap<>();

  TappedConnection(LongSupplier sequence) {
    this.sequence = sequence;
  }

  /// A request and its response.
  ///
  /// @param sequenceNumber orders the exchanges of several connections
  public record Exchange(long sequenceNumber, RawMessage request, RawMessage response) {}

  synchronized void recordFromClient(byte[] piece, int count) {
    sequenceNumbers.put(fromClient.size(), sequence.getAsLong());
    fromClient.write(piece, 0, count);
  }

  synchronized void recordToClient(byte[] piece, int count) {
    toClient.write(piece, 0, count);
  }

  synchronized void clear() {
    fromClient.reset();
    toClient.reset();
    sequenceNumbers.clear();
  }

  synchronized long bytesFromClient() {
    return fromClient.size();
  }

  synchronized long bytesToClient() {
    return toClient.size();
  }

  /// Returns the exchanges of this connection; empty while a response is not complete.
  synchronized Optional<List<Exchange>> exchanges() {
    var requests = new ByteArrayInputStream(fromClient.toByteArray());
    var responses = new ByteArrayInputStream(toClient.toByteArray());
    List<Exchange> exchanges = new ArrayList<>();
    try {
      while (requests.available() > 0) {
        var piece = sequenceNumbers.floorEntry(fromClient.size() - requests.available());
        long sequenceNumber = Objects.requireNonNull(piece).getValue();
        var request = RawMessage.read(requests, true);
        var response = RawMessage.read(responses, false);
        if (response.isEmpty()) return Optional.empty();
        exchanges.add(new Exchange(sequenceNumber, request.orElseThrow(), response.get()));
      }
      return Optional.of(exchanges);
    } catch (IOException incomplete) {
      return Optional.empty();
    }
  }
}
