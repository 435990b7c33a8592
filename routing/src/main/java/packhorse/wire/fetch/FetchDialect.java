package packhorse.wire.fetch;

import packhorse.wire.Capabilities;
import packhorse.wire.pkt.SideBand;

/// The protocol version of a fetch, with the options that determine the form of the response. None
/// of them changes which objects are in the pack.
public sealed interface FetchDialect {

  /// A v0 or v1 request.
  ///
  /// @param noDone whether the node may send the pack before the client has sent `done`
  record V0(AcknowledgmentMode acknowledgmentMode, SideBand sideBand, boolean noDone)
      implements FetchDialect {

    /// The dialect that the capabilities of a `want` line select. As in git, the better one of two
    /// alternatives wins.
    static V0 of(Capabilities capabilities) {
      AcknowledgmentMode mode =
          capabilities.has("multi_ack_detailed")
              ? AcknowledgmentMode.MULTI_ACK_DETAILED
              : capabilities.has("multi_ack")
                  ? AcknowledgmentMode.MULTI_ACK
                  : AcknowledgmentMode.NONE;
      SideBand sideBand =
          capabilities.has("side-band-64k")
              ? SideBand.SIDE_BAND_64K
              : capabilities.has("side-band") ? SideBand.SIDE_BAND : SideBand.NONE;
      return new V0(mode, sideBand, capabilities.has("no-done"));
    }
  }

  /// A v2 `fetch` command.
  ///
  /// @param sidebandAll whether all lines of the response are sent on side-bands, not only the pack
  record V2(boolean sidebandAll) implements FetchDialect {}

  /// The form of acknowledgments that a v0 client requests with a capability.
  enum AcknowledgmentMode {
    /// Neither capability: a single `ACK id` for the first common object.
    NONE,
    /// Capability `multi_ack`: an `ACK id continue` for each common object.
    MULTI_ACK,
    /// Capability `multi_ack_detailed`: `ACK id common`, and `ACK id ready` when the node is ready
    /// to send the pack.
    MULTI_ACK_DETAILED
  }
}
