package packhorse.exchange;

import java.nio.ByteBuffer;
import packhorse.node.AdvertisedTips;
import packhorse.policy.Permit;
import packhorse.wire.TipsWatch;
import packhorse.wire.Watch;

/// Remembers what lists of refs show, where nodes can differ. Ids that are being collected have a
/// budget: where very many long lists pass at once, some are not remembered. Called on any thread.
final class TipsMemory {
  private static final long MOST_COLLECTED = 8L << 20;

  // a line of a list has an id of twenty bytes, its forty digits and a name
  private static final int BYTES_FOR_ONE_KEPT = 3;

  private final AdvertisedTips tips;
  private final Budget collected;

  TipsMemory(AdvertisedTips tips) {
    this.tips = tips;
    this.collected = new Budget(MOST_COLLECTED);
  }

  /// Watches a list that is asked for now.
  Watch watch(Permit permit) {
    return permit.nodesDiffer() ? new Collecting(permit, tips.now()) : Watch.none();
  }

  private final class Collecting implements Watch {
    private final Permit permit;
    private final long asOf;
    private final TipsWatch ids = new TipsWatch(AdvertisedTips.MOST_IDS);
    private boolean tooMany;
    private long taken;

    Collecting(Permit permit, long asOf) {
      this.permit = permit;
      this.asOf = asOf;
    }

    @Override
    public void passed(ByteBuffer bytes) {
      if (tooMany) return;
      int kept = bytes.remaining() / BYTES_FOR_ONE_KEPT;
      tooMany = !collected.take(kept);
      if (tooMany) return;
      taken += kept;
      ids.passed(bytes);
    }

    @Override
    public void ended() {
      ids.ended();
      // a v2 capability list names no object: what was known stays
      if (!tooMany) {
        ids.tips()
            .filter(shown -> shown.size() > 0)
            .ifPresent(shown -> tips.advertised(permit, shown, asOf));
      }
      collected.giveBack(taken);
      taken = 0;
    }
  }
}
