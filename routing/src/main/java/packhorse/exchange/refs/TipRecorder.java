package packhorse.exchange.refs;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import packhorse.exchange.call.ByteBudget;
import packhorse.memory.MemoryPlan;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;
import packhorse.node.tips.ShownList;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.wire.ByteString;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.ResponseObserver;
import packhorse.wire.refs.RefTips;
import packhorse.wire.refs.TipCollector;

/// Records the tips of ref advertisements in [AdvertisedTips], for repositories whose nodes can
/// differ. The ids that are being collected have a memory budget: when many long advertisements
/// pass at the same time, some are not recorded. Called on any thread.
final class TipRecorder {
  private static final long MAX_COLLECTED_BYTES = 8L << 20;

  // Each line of an advertisement has forty digits and the name of a ref, of which sixteen bytes
  // are
  // collected.
  private static final int BYTES_PER_COLLECTED_BYTE = 3;

  private final AdvertisedTips tips;
  private final ByteBudget budget;

  TipRecorder(AdvertisedTips tips) {
    this.tips = tips;
    this.budget = new ByteBudget(MemoryPlan.ofThisJvm().scaled(MAX_COLLECTED_BYTES));
  }

  /// Begins to observe a request for an advertisement, which is sent after this call.
  Observation observe(PermittedRoutes routes, NodeRequest request) {
    boolean whole = !routes.isReplicated() || !(isTranslated(routes) || namesRefs(request));
    return new Observation(routes, tips.nextOrder(), whole);
  }

  // A client gets that part of a translated list for which it asked.
  private static boolean isTranslated(PermittedRoutes routes) {
    Permit permit = routes.permit();
    return permit.placement().pool().offersV2()
        && permit.request() instanceof GitRequest request
        && request.version() == ProtocolVersion.V2;
  }

  // Whether an `ls-refs` request asks for some of the refs only.
  private static boolean namesRefs(NodeRequest request) {
    return request.body() instanceof NodeRequest.BufferedBody(ByteString body)
        && body.text().contains("ref-prefix ");
  }

  /// A request for an advertisement.
  final class Observation {
    private final PermittedRoutes routes;
    private final long order;
    private final boolean whole;

    private Observation(PermittedRoutes routes, long order, boolean whole) {
      this.routes = routes;
      this.order = order;
      this.whole = whole;
    }

    /// Returns an observer of the advertisement that this node sends.
    ResponseObserver observerFor(Node node) {
      if (!routes.isReplicated()) return ResponseObserver.none();
      Optional<String> primary = routes.permit().placement().pool().primary();
      boolean fromPrimary = primary.filter(node.name()::equals).isPresent();
      return new RecordingObserver(
          routes.asker(), refs -> new ShownList(refs, order, whole, fromPrimary));
    }
  }

  private final class RecordingObserver implements ResponseObserver {
    private final RepositoryAsker asker;
    private final Function<RefTips, ShownList> toList;
    private final TipCollector collector = new TipCollector(AdvertisedTips.MAX_REFS);
    private boolean overBudget;
    private boolean recorded;
    private long reservedBytes;

    RecordingObserver(RepositoryAsker asker, Function<RefTips, ShownList> toList) {
      this.asker = asker;
      this.toList = toList;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
      if (overBudget) return;
      int needed = bytes.remaining() / BYTES_PER_COLLECTED_BYTE;
      overBudget = !budget.tryReserve(needed);
      if (overBudget) return;
      reservedBytes += needed;
      collector.onBytes(bytes);
      // Before the client has the last bytes: it may ask again at once.
      if (collector.complete()) record();
    }

    // A v2 capability advertisement contains no refs and must not replace known tips.
    private void record() {
      recorded = true;
      collector
          .tips()
          .filter(refs -> refs.size() > 0)
          .ifPresent(refs -> tips.record(asker, toList.apply(refs)));
    }

    @Override
    public void onEnd() {
      collector.onEnd();
      if (!overBudget && !recorded) record();
      budget.release(reservedBytes);
      reservedBytes = 0;
    }
  }
}
