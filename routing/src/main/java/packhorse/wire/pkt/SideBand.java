package packhorse.wire.pkt;

import packhorse.wire.WireLimits;

/// How a response is multiplexed into bands. A v0 client chooses with a capability; v2 always uses
/// [#SIDE_BAND_64K] for the pack.
public enum SideBand {
  /// No bands: the pack is sent without framing at the end of the response.
  NONE(0),
  /// `side-band`: pkts of at most 1,000 bytes.
  SIDE_BAND(1_000),
  /// `side-band-64k`: pkts of at most 65,520 bytes.
  SIDE_BAND_64K(WireLimits.PKT_BYTES);

  private final int maxPktBytes;

  SideBand(int maxPktBytes) {
    this.maxPktBytes = maxPktBytes;
  }

  /// The number of payload bytes that fit into one pkt.
  ///
  /// @throws IllegalStateException for [#NONE]
  public int maxPayload() {
    if (this == NONE) {
      throw new IllegalStateException("the client requested no side-band");
    }
    return maxPktBytes - 5;
  }
}
