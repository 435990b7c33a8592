package packhorse.wire;

import java.util.Optional;

/// What the answer to a fetch is certain to begin with, whoever gives it, told from the question
/// alone. Behind that the answer has frames of bands, and an empty one on band 2 is in nobody's
/// way.
///
/// @param line the one line before the pack; empty where a frame can come first, because every line
///   is framed (`sideband-all`)
/// @param framing how the frames of the answer are
public record Foretold(String line, SideBand framing) {

  /// An empty frame on band 2. Not on band 1, as git's upload-pack has it inside a pack: before a
  /// section of v2 git takes that for the section's name.
  public static final Bytes KEEP_ALIVE = Bytes.of("0005\2");

  private static final String PACKFILE = "packfile";
  private static final String NAK = "NAK";

  /// What can be foretold of the answer to this fetch. Empty where acknowledgments, a list of
  /// shallow commits or of refs may come first, and where no frames were asked for.
  ///
  /// Of one thing the question says nothing: in v2 a node that is shallow itself begins with
  /// `shallow-info`, see [#announcesPack].
  public static Optional<Foretold> of(Fetch fetch) {
    if (!fetch.wanting()) return Optional.empty();
    return switch (fetch.dialect()) {
      case Dialect.V2(boolean sidebandAll) -> v2(fetch, sidebandAll);
      case Dialect.V0 v0 -> v0(fetch, v0.sideBand());
    };
  }

  // gitprotocol-v2(5), "fetch": no acknowledgments after "done"
  private static Optional<Foretold> v2(Fetch fetch, boolean sidebandAll) {
    if (sidebandAll) return Optional.of(new Foretold("", SideBand.LARGE));
    return fetch.done() && plain(fetch)
        ? Optional.of(new Foretold(PACKFILE, SideBand.LARGE))
        : Optional.empty();
  }

  // gitprotocol-pack(5), "Packfile Negotiation": whoever has nothing is told NAK
  private static Optional<Foretold> v0(Fetch fetch, SideBand framing) {
    boolean certain = fetch.done() && fetch.haves().isEmpty() && plain(fetch);
    return certain && framing != SideBand.NONE
        ? Optional.of(new Foretold(NAK, framing))
        : Optional.empty();
  }

  private static boolean plain(Fetch fetch) {
    return fetch.wantRefs().isEmpty()
        && fetch.shallows().isEmpty()
        && !fetch.deepen().asked()
        && fetch.question().extras().equals(Fetch.Extras.NONE);
  }

  /// The same with another line, where it is we who say what stands before the pack.
  public Foretold with(String ours) {
    return new Foretold(ours, framing);
  }

  /// What an answer begins with; may be nothing.
  public Bytes words() {
    return line.isEmpty() ? Bytes.EMPTY : PktWriter.toBytes(out -> out.line(line));
  }

  /// Whether an answer that begins with this pkt begins as foretold. Not every node ends its lines
  /// with LF.
  public boolean metBy(Pkt first) {
    return first instanceof Pkt.Line said && said.text().equals(line);
  }

  /// Whether it is `packfile`, before which a shallow node has something to say.
  public boolean announcesPack() {
    return line.equals(PACKFILE);
  }
}
