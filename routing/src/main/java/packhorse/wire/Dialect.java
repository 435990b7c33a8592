package packhorse.wire;

/// How a fetch was said and how its answer is to be said; nothing here changes which objects are in
/// the pack.
public sealed interface Dialect {

  /// A v0 (or v1) request: how acknowledgments come, how the pack is framed, and whether `no-done`
  /// lets it come without `done`.
  record V0(AckMode acks, SideBand sideBand, boolean noDone) implements Dialect {

    /// What the capabilities of a want line choose, the way git chooses: the better of two wins.
    static V0 of(Capabilities capabilities) {
      AckMode acks =
          capabilities.has("multi_ack_detailed")
              ? AckMode.DETAILED
              : capabilities.has("multi_ack") ? AckMode.MULTI_ACK : AckMode.NONE;
      SideBand sideBand =
          capabilities.has("side-band-64k")
              ? SideBand.LARGE
              : capabilities.has("side-band") ? SideBand.SMALL : SideBand.NONE;
      return new V0(acks, sideBand, capabilities.has("no-done"));
    }
  }

  /// A v2 `fetch` command. With `sideband-all` every line of the answer is framed, not only the
  /// pack.
  record V2(boolean sidebandAll) implements Dialect {}
}
