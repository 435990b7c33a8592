package packhorse.wire.fetch;

import java.util.Optional;
import packhorse.wire.ByteString;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktWriter;
import packhorse.wire.pkt.SideBand;

/// The beginning of the response to a fetch, for requests that determine it completely. The proxy
/// can send it before the node has responded. After it the response consists of side-band frames,
/// so that the proxy may send empty frames on band 2 ([#KEEP_ALIVE]) while the client waits.
///
/// @param line the one line before the pack; empty if the response can begin with a side-band
///   frame, because all lines are framed (`sideband-all`)
/// @param sideBand the framing of the response
public record ResponsePrefix(String line, SideBand sideBand) {

  /// An empty frame on band 2, which clients skip. A keep-alive of git's own upload-pack is an
  /// empty frame on band 1, but that is safe inside a pack only: where a client expects the header
  /// of a v2 section, it would read the frame as an empty header.
  public static final ByteString KEEP_ALIVE = ByteString.of("0005\2");

  private static final String PACKFILE = "packfile";
  private static final String NAK = "NAK";

  /// Returns the prefix of the response to a fetch. With `sideband-all` the prefix has no bytes.
  /// Otherwise there is no prefix if acknowledgments or a list of shallow commits or of wanted refs
  /// may precede the pack, or if the client did not request a side-band.
  ///
  /// In v2 the prefix `packfile` may still be wrong: a node whose repository is shallow begins with
  /// `shallow-info`, which the request does not tell, see [#isPackfileHeader].
  public static Optional<ResponsePrefix> of(Fetch fetch) {
    if (!fetch.hasWants()) return Optional.empty();
    return switch (fetch.dialect()) {
      case FetchDialect.V2(boolean sidebandAll) -> ofV2(fetch, sidebandAll);
      case FetchDialect.V0 v0 -> ofV0(fetch, v0.sideBand());
    };
  }

  // gitprotocol-v2(5), "fetch": after "done" there are no acknowledgments.
  private static Optional<ResponsePrefix> ofV2(Fetch fetch, boolean sidebandAll) {
    if (sidebandAll) return Optional.of(new ResponsePrefix("", SideBand.SIDE_BAND_64K));
    return fetch.done() && onlyPackIsExpected(fetch)
        ? Optional.of(new ResponsePrefix(PACKFILE, SideBand.SIDE_BAND_64K))
        : Optional.empty();
  }

  // gitprotocol-pack(5), "Packfile Negotiation": a client without haves gets a NAK.
  private static Optional<ResponsePrefix> ofV0(Fetch fetch, SideBand sideBand) {
    boolean beginsWithNak = fetch.done() && fetch.haves().isEmpty() && onlyPackIsExpected(fetch);
    return beginsWithNak && sideBand != SideBand.NONE
        ? Optional.of(new ResponsePrefix(NAK, sideBand))
        : Optional.empty();
  }

  private static boolean onlyPackIsExpected(Fetch fetch) {
    return fetch.wantRefs().isEmpty()
        && fetch.shallows().isEmpty()
        && !fetch.deepen().isRequested()
        && fetch.key().extensions().equals(Fetch.Extensions.NONE);
  }

  /// This prefix with another line, for responses in which the proxy itself writes what precedes
  /// the pack.
  public ResponsePrefix withLine(String other) {
    return new ResponsePrefix(other, sideBand);
  }

  /// The bytes of this prefix; may be empty.
  public ByteString toByteString() {
    return line.isEmpty() ? ByteString.EMPTY : PktWriter.toByteString(out -> out.writeLine(line));
  }

  /// Whether a response begins with this prefix. Some nodes end their lines without a LF; such a
  /// line matches too.
  ///
  /// @param first the first pkt of the response
  public boolean matches(Pkt first) {
    return first instanceof Pkt.Line firstLine && firstLine.text().equals(line);
  }

  /// Whether this prefix is `packfile`, which a shallow node precedes with `shallow-info`.
  public boolean isPackfileHeader() {
    return line.equals(PACKFILE);
  }
}
