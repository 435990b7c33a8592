package packhorse.wire;

/// How a pack is framed for a client: v2 always says [#LARGE], v0 clients name one of the three.
public enum SideBand {
  /// The pack stands unframed at the end of the answer.
  NONE(0),
  /// `side-band`: pkts of at most 1,000 bytes.
  SMALL(1_000),
  /// `side-band-64k`: pkts of at most 65,520 bytes.
  LARGE(Limits.PKT);

  private final int pkt;

  SideBand(int pkt) {
    this.pkt = pkt;
  }

  /// How many bytes of a band fit into one frame.
  ///
  /// @throws IllegalStateException for [#NONE]
  public int payload() {
    if (this == NONE) {
      throw new IllegalStateException("no side-band was asked for");
    }
    return pkt - 5;
  }
}
