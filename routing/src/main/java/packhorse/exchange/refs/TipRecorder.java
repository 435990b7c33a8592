package packhorse.exchange.refs;

import java.nio.ByteBuffer;
import java.util.Optional;
import packhorse.exchange.call.ByteBudget;
import packhorse.memory.MemoryPlan;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;
import packhorse.wire.ResponseObserver;
import packhorse.wire.refs.TipCollector;

/// Records the tips of ref advertisements in [AdvertisedTips], for repositories whose nodes can
/// differ. The ids that are being collected have a memory budget: when many long advertisements
/// pass at the same time, some are not recorded. Called on any thread.
final class TipRecorder {
  private static final long MAX_COLLECTED_BYTES = 8L << 20;

  // Each line of an advertisement has an id of twenty bytes in forty digits, and a ref name, so at
  // most a third of its bytes is collected.
  private static final int BYTES_PER_COLLECTED_BYTE = 3;

  private final AdvertisedTips tips;
  private final ByteBudget budget;

  TipRecorder(AdvertisedTips tips) {
    this.tips = tips;
    this.budget = new ByteBudget(MemoryPlan.ofThisJvm().scaled(MAX_COLLECTED_BYTES));
  }

  /// Begins to observe a request for an advertisement, which is sent after this call.
  Observation observe(PermittedRoutes routes) {
    return new Observation(routes, tips.currentVersion());
  }

  /// A request for an advertisement.
  final class Observation {
    private final PermittedRoutes routes;
    private final long requestVersion;

    private Observation(PermittedRoutes routes, long requestVersion) {
      this.routes = routes;
      this.requestVersion = requestVersion;
    }

    /// Returns an observer of the advertisement that this node sends. That of a replica is recorded
    /// only if it is not older than what the asker was shown before.
    ResponseObserver observerFor(Node node) {
      if (!routes.isReplicated()) return ResponseObserver.none();
      Optional<String> primary = routes.permit().placement().pool().primary();
      boolean fromPrimary = primary.filter(node.name()::equals).isPresent();
      return new RecordingObserver(routes.asker(), requestVersion, fromPrimary);
    }
  }

  private final class RecordingObserver implements ResponseObserver {
    private final RepositoryAsker asker;
    private final long requestVersion;
    private final boolean fromPrimary;
    private final TipCollector collector = new TipCollector(AdvertisedTips.MAX_IDS);
    private boolean overBudget;
    private long reservedBytes;

    RecordingObserver(RepositoryAsker asker, long requestVersion, boolean fromPrimary) {
      this.asker = asker;
      this.requestVersion = requestVersion;
      this.fromPrimary = fromPrimary;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
      if (overBudget) return;
      int needed = bytes.remaining() / BYTES_PER_COLLECTED_BYTE;
      overBudget = !budget.tryReserve(needed);
      if (overBudget) return;
      reservedBytes += needed;
      collector.onBytes(bytes);
    }

    @Override
    public void onEnd() {
      collector.onEnd();
      // A v2 capability advertisement contains no object ids and must not replace known tips.
      if (!overBudget) {
        collector
            .tips()
            .filter(ids -> ids.size() > 0 && (fromPrimary || !tips.isStale(asker, ids)))
            .ifPresent(ids -> tips.record(asker, ids, requestVersion));
      }
      budget.release(reservedBytes);
      reservedBytes = 0;
    }
  }
}
