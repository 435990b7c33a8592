package packhorse.wire.fetch;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdList;
import packhorse.wire.WireException;
import packhorse.wire.pkt.PktReader;

/// The first part of a v0 fetch (`upload-request`), up to its first flush: wants, shallow commits,
/// depth, object filter and capabilities. Over SSH it is sent once in a conversation; over
/// stateless RPC every request repeats it (see [UploadRequestWriter]).
///
/// @param shallows the commits at which the client's own history ends
public record UploadRequest(
    List<ObjectId> wants,
    List<ObjectId> shallows,
    Deepen deepen,
    Optional<String> filter,
    Capabilities capabilities) {

  public UploadRequest {
    wants = ObjectIdList.copyOf(wants);
    shallows = ObjectIdList.copyOf(shallows);
    if (wants.isEmpty()) {
      throw new IllegalArgumentException("no wants");
    }
  }

  /// Reads a request up to its flush. Returns empty for a flush alone: a client that wants nothing
  /// sends it to end the conversation.
  ///
  /// @throws WireException for anything that does not follow git's grammar, and when the input ends
  ///   before the flush
  public static Optional<UploadRequest> read(PktReader in) throws IOException {
    return UploadRequestReader.read(in);
  }

  public ObjectFormat format() {
    return wants.getFirst().format();
  }

  public FetchDialect.V0 dialect() {
    return FetchDialect.V0.of(capabilities);
  }

  /// This request with other capabilities. The proxy does not send a node the same capabilities as
  /// it received from the client.
  public UploadRequest withCapabilities(Capabilities other) {
    return new UploadRequest(wants, shallows, deepen, filter, other);
  }

  /// Returns this request, together with the haves of the conversation so far, as a fetch.
  ///
  /// @param haves all haves that the client has sent, in this round and before
  /// @param done whether the client will send no more haves
  public Fetch toFetch(List<ObjectId> haves, boolean done) {
    return UploadRequestReader.toFetch(
        this, new Fetch.ClientHistory(haves, shallows, done), List.of());
  }
}
