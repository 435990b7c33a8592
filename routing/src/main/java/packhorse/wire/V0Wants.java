package packhorse.wire;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The first part of a v0 fetch, up to its first flush: what is wanted, how deep, and with which
/// capabilities. Over SSH it is said once for a conversation; over stateless RPC every request
/// repeats it (see [V0Body]).
public record V0Wants(
    List<ObjectId> wants,
    List<ObjectId> shallows,
    Deepen deepen,
    Optional<String> filter,
    Capabilities capabilities) {

  public V0Wants {
    wants = IdList.copyOf(wants);
    shallows = IdList.copyOf(shallows);
    if (wants.isEmpty()) {
      throw new IllegalArgumentException("no wants");
    }
  }

  /// Reads up to the first flush; empty for a flush alone, with which a client that wants nothing
  /// takes its leave.
  ///
  /// @throws WireException for anything that is not git's grammar, and where the input ends before
  ///   the flush
  public static Optional<V0Wants> read(PktReader in) throws IOException {
    return V0WantsReader.read(in);
  }

  public ObjectFormat format() {
    return wants.getFirst().format();
  }

  public Dialect.V0 dialect() {
    return Dialect.V0.of(capabilities);
  }

  /// The same with other capabilities: what we say to a node is not what the client said to us.
  public V0Wants with(Capabilities other) {
    return new V0Wants(wants, shallows, deepen, filter, other);
  }

  /// One round of this conversation as a fetch.
  ///
  /// @param haves everything the client said it has, in this round and before
  public Fetch fetch(List<ObjectId> haves, boolean done) {
    return V0WantsReader.fetch(this, new Fetch.Known(haves, shallows, done), List.of());
  }
}
