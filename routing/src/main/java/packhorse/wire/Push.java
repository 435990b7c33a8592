package packhorse.wire;

import java.util.List;

/// The head of a push: everything before its pack. The pack is never parsed. Made by [PushReader].
///
/// @param updates at least one; those of a push certificate too
/// @param shallows commits where the client's own history ends
/// @param options push options, in order; of a signed push those that the certificate names are the
///   same ones, and the node checks it
/// @param signed whether the updates stand in a push certificate
/// @param raw every byte of the head as it came, to be relayed unchanged
public record Push(
    List<RefUpdate> updates,
    List<ObjectId> shallows,
    Capabilities capabilities,
    List<String> options,
    boolean signed,
    Bytes raw) {

  public Push {
    updates = List.copyOf(updates);
    shallows = List.copyOf(shallows);
    options = List.copyOf(options);
    if (updates.isEmpty()) {
      throw new IllegalArgumentException("no updates");
    }
  }

  /// Whether a pack follows the head: always, unless every update deletes. It may be a pack of no
  /// objects.
  public boolean packFollows() {
    return updates.stream().anyMatch(update -> !update.newId().isZero());
  }

  public ObjectFormat format() {
    return updates.getFirst().newId().format();
  }

  /// Whether the client understands a report (`report-status` or `report-status-v2`).
  public boolean wantsReport() {
    return capabilities.has("report-status") || capabilities.has("report-status-v2");
  }

  /// How the answer is framed: `side-band-64k` or not at all.
  public SideBand sideBand() {
    return capabilities.has("side-band-64k") ? SideBand.LARGE : SideBand.NONE;
  }
}
