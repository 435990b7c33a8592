package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.Tips;
import packhorse.wire.TipsWatch;
import packhorse.wire.Watch;

/// Asks for lists of refs. Where replicas may lag the primary is asked, so that no list is older
/// than the last push, wherever it was done. Without a primary the replicas are compared with what
/// clients were shown, and whoever is not behind that is asked. Those who ask the same share one
/// ask; what a list shows is remembered once for all of them.
final class RefLists {
  private static final int PIECE = 64 * 1024;

  // a question that is longer has nobody else: git asks with a few prefixes
  private static final int MOST_COMPARED = 64 * 1024;

  private final Asking asking;
  private final NodeCalls calls;
  private final AdvertisedTips tips;
  private final TipsMemory memory;
  private final SharedAsks asks;
  private final Beforehand beforehand;

  RefLists(
      Asking asking, NodeCalls calls, AdvertisedTips tips, SharedAsks asks, Beforehand beforehand) {
    this.asking = asking;
    this.calls = calls;
    this.tips = tips;
    this.memory = new TipsMemory(tips);
    this.asks = asks;
    this.beforehand = beforehand;
  }

  /// Asks for an advertisement, or for `ls-refs`: once for all who ask the same meanwhile.
  ///
  /// @throws Refused when no node answered
  Asked ask(Permit permit, Routes routes, NodeCall call) throws Refused, IOException {
    Asked asked = shared(permit, routes, call);
    if (asked.ok()) beforehand.reads(permit);
    return asked;
  }

  private Asked shared(Permit permit, Routes routes, NodeCall call) throws Refused, IOException {
    if (call.body() instanceof NodeCall.Whole(Bytes body) && body.size() > MOST_COMPARED) {
      return fresh(permit, routes, call);
    }
    String id = permit.request().arrival().id();
    return asks.ask(Question.of(permit, call), id, () -> fresh(permit, routes, call));
  }

  private Asked fresh(Permit permit, Routes routes, NodeCall call) throws Refused, IOException {
    Watch watch = memory.watch(permit);
    Asked asked = asking.ask(permit, route(permit, routes), call);
    return asked.ok() ? asked.watched(watch) : asked;
  }

  /// Whom to ask for what depends on refs.
  Route route(Permit permit, Routes routes) throws Refused, IOException {
    Route route = routes.read();
    return routes.mayBeOld() ? notOlder(permit, route) : route;
  }

  private Route notOlder(Permit permit, Route route) throws IOException {
    for (Node node : route.nodes()) {
      if (shows(permit, route, node).filter(list -> !tips.older(permit, list)).isPresent()) {
        return route.staying(node);
      }
    }
    return route.because(route.why() + ", and nobody has all that was shown before");
  }

  private Optional<Tips> shows(Permit permit, Route route, Node node) throws IOException {
    NodeCall call = calls.advertisement(permit, Service.UPLOAD_PACK, ProtocolVersion.V0);
    Route alone = new Route(List.of(node), route.repeatable(), route.why());
    TipsWatch watch = new TipsWatch(AdvertisedTips.MOST_IDS);
    try (Asked asked = asking.ask(permit, alone, call)) {
      if (!asked.ok()) return Optional.empty();
      InputStream list = asked.answer().body();
      byte[] piece = new byte[PIECE];
      for (int n = list.read(piece); n >= 0; n = list.read(piece)) {
        watch.passed(ByteBuffer.wrap(piece, 0, n));
      }
      watch.ended();
      return watch.tips();
    } catch (Refused | NodeFailure down) {
      return Optional.empty();
    }
  }
}
