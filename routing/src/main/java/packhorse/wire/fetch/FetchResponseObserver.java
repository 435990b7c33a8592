package packhorse.wire.fetch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.wire.ObjectId;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.PktScanner;

/// Reads a node's response to a fetch of any dialect while it is relayed: which haves it
/// acknowledged, how large the pack was, which error it reported, and whether it is complete. The
/// pack is skipped without being copied.
public final class FetchResponseObserver implements ResponseObserver {

  private final FetchResponseParser parser;
  private final PktScanner scanner;

  /// @param fetch the request, which determines the form of its response
  public FetchResponseObserver(Fetch fetch) {
    this(
        switch (fetch.dialect()) {
          case FetchDialect.V0 v0 -> new V0FetchResponseParser(fetch, v0.sideBand(), false);
          case FetchDialect.V2 v2 -> new V2FetchResponseParser(fetch, v2.sidebandAll());
        });
  }

  private FetchResponseObserver(FetchResponseParser parser) {
    this.parser = parser;
    this.scanner = new PktScanner(parser);
  }

  /// An observer of the pack at the end of a v0 response, without what precedes it.
  ///
  /// @param fetch a request in v0
  public static FetchResponseObserver ofV0Pack(Fetch fetch) {
    if (!(fetch.dialect() instanceof FetchDialect.V0 v0)) {
      throw new IllegalArgumentException("not a request in v0: " + fetch.dialect());
    }
    return new FetchResponseObserver(new V0FetchResponseParser(fetch, v0.sideBand(), true));
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    scanner.scan(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public void onEnd() {
    if (scanner.atMalformedLength()) parser.setError("malformed response");
    parser.onResponseEnd(scanner.atPktBoundary());
  }

  /// The haves that the node acknowledged, in its order and without duplicates. The id of an `ACK
  /// id ready` is not included, because the node need not have that object.
  public List<ObjectId> acknowledgedIds() {
    return new ArrayList<>(parser.acknowledgedIds);
  }

  /// Whether the node sent `ready`: it knows enough to send the pack.
  public boolean ready() {
    return parser.ready;
  }

  /// Whether the response has a list of shallow commits.
  public boolean hasShallowSection() {
    return parser.hasShallowSection;
  }

  /// The bytes of the pack so far, without framing and progress. As long as there are none, another
  /// node may be tried.
  public long packBytes() {
    return parser.packBytes;
  }

  /// The number of objects that the header of the pack announces; empty if there is no pack.
  public OptionalLong packObjects() {
    return parser.packObjects();
  }

  /// Whether the pack was announced or has started.
  public boolean packStarted() {
    return parser.packStarted;
  }

  /// The error that the node reported (`ERR` or band 3), at most [WireLimits#ERROR_TEXT_BYTES]
  /// bytes, in wire form.
  public Optional<String> errorText() {
    return parser.errorText();
  }

  /// Whether the response is complete: it ended with its last flush; a pack without framing ended
  /// with its trailer; a v0 round without a pack ended with an acknowledgment or a NAK. Never true
  /// after an error, and not without a pack where the client waits for one. Valid once [#onEnd] has
  /// been called.
  public boolean complete() {
    return parser.complete;
  }

  @Override
  public boolean isTruncated() {
    return !complete() && errorText().isEmpty();
  }
}
