package packhorse.wire.push;

import java.util.List;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.SideBand;

/// The head of a push: everything that precedes its pack. The pack is never parsed. Read by
/// [PushReader].
///
/// @param updates the commands, at least one, whether they are in a push certificate or not
/// @param shallows the commits at which the client's own history ends
/// @param options the push options in order. The certificate of a signed push repeats them, and the
///   node checks that they are the same
/// @param signed whether the updates are in a push certificate
/// @param raw all bytes of the head, to be relayed unchanged
public record Push(
    List<RefUpdate> updates,
    List<ObjectId> shallows,
    Capabilities capabilities,
    List<String> options,
    boolean signed,
    ByteString raw) {

  public Push {
    updates = List.copyOf(updates);
    shallows = List.copyOf(shallows);
    options = List.copyOf(options);
    if (updates.isEmpty()) {
      throw new IllegalArgumentException("no updates");
    }
  }

  /// Whether a pack follows the head, which is the case unless every update deletes a ref. The pack
  /// may have no objects.
  public boolean hasPack() {
    return updates.stream().anyMatch(update -> !update.newId().isZero());
  }

  public ObjectFormat format() {
    return updates.getFirst().newId().format();
  }

  /// Whether the client requested a report (`report-status` or `report-status-v2`).
  public boolean wantsReport() {
    return capabilities.has("report-status") || capabilities.has("report-status-v2");
  }

  /// How the response is multiplexed: `side-band-64k` or not at all.
  public SideBand sideBand() {
    return capabilities.has("side-band-64k") ? SideBand.SIDE_BAND_64K : SideBand.NONE;
  }
}
