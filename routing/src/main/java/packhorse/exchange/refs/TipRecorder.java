package packhorse.exchange.refs;

import java.nio.ByteBuffer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.exchange.call.ByteBudget;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;
import packhorse.node.tips.ShownList;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.wire.ByteString;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.ResponseObserver;
import packhorse.wire.refs.RefTips;

/// Records the tips of ref advertisements in [AdvertisedTips], for repositories whose nodes can
/// differ. The ids that are being collected have a memory budget: when many long advertisements
/// pass at the same time, some are not recorded. Called on any thread.
final class TipRecorder {
  private final AdvertisedTips tips;
  private final RefHistories histories;
  private final ByteBudget budget = BudgetedTipCollector.newBudget();

  TipRecorder(AdvertisedTips tips, RefHistories histories) {
    this.tips = tips;
    this.histories = histories;
  }

  /// Begins to observe a request for an advertisement, which is sent after this call.
  Observation observe(PermittedRoutes routes, NodeRequest request) {
    boolean whole = !routes.isReplicated() || !(isTranslated(routes) || namesRefs(request));
    return new Observation(routes, tips.nextOrder(), histories.now(), whole);
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
    private final long askedAt;
    private final boolean whole;

    private Observation(PermittedRoutes routes, long order, long askedAt, boolean whole) {
      this.routes = routes;
      this.order = order;
      this.askedAt = askedAt;
      this.whole = whole;
    }

    /// Returns an observer of the advertisement that a node sends.
    AnswerObserver observerFor(NodeResponse response) {
      boolean mayBeFile = routes.permit().placement().pool().servesDumbHttp();
      if (!routes.isReplicated()) {
        return ListObserver.of(response, ResponseObserver.none(), () -> ListAge.CURRENT, mayBeFile);
      }
      boolean fromPrimary = routes.permit().placement().pool().isPrimary(response.node().name());
      RecordingObserver recorder = new RecordingObserver(this, fromPrimary);
      return ListObserver.of(response, recorder, recorder::age, mayBeFile);
    }
  }

  private final class RecordingObserver implements ResponseObserver {
    private final Observation request;
    private final RepositoryAsker asker;
    private final boolean fromPrimary;
    private final BudgetedTipCollector collector = new BudgetedTipCollector(budget);
    private volatile boolean older;
    private boolean recorded;

    RecordingObserver(Observation request, boolean fromPrimary) {
      this.request = request;
      this.asker = request.routes.asker();
      this.fromPrimary = fromPrimary;
    }

    /// May be called on another thread.
    ListAge age() {
      if (!fromPrimary) return ListAge.OF_REPLICA;
      return older ? ListAge.OLDER : ListAge.CURRENT;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
      if (!collector.add(bytes)) return;
      // Before the client has the last bytes: it may ask again at once.
      if (collector.complete()) record();
    }

    // A v2 capability advertisement contains no refs and must not replace known tips.
    private void record() {
      recorded = true;
      collector.tips().filter(refs -> refs.size() > 0).ifPresent(this::record);
    }

    private void record(RefTips refs) {
      older = fromPrimary && !histories.recordUnlessOlder(asker, refs, request.askedAt);
      if (older) return;
      tips.record(asker, new ShownList(refs, request.order, request.whole, fromPrimary));
    }

    @Override
    public void onEnd() {
      collector.onEnd();
      if (!recorded) record();
      collector.close();
    }
  }
}
