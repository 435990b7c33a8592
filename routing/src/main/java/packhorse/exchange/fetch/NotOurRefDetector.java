package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Detects the response of a node that lacks a wanted object (git's error `not our ref`). The
/// request is then sent to another node, because a replica may lag, and the client receives the
/// error only if no node has the object. Called on the thread of the request.
public final class NotOurRefDetector {
  private final AdvertisedTips tips;

  public NotOurRefDetector(AdvertisedTips tips) {
    this.tips = tips;
  }

  /// Returns a predicate that is true for a `not our ref` response to a request for these wants. In
  /// a replicated pool the predicate also records the wants as missing on the node, so that for
  /// some seconds requests for them are sent to other nodes first.
  Predicate<NodeResponse> forWants(PermittedRoutes routes, Collection<ObjectId> wants) {
    return response -> {
      boolean notOurRef = isNotOurRef(response);
      if (notOurRef && routes.permit().placement().pool().isReplicated()) {
        tips.recordMissing(routes.asker(), response.node(), wants);
      }
      return notOurRef;
    };
  }

  private static boolean isNotOurRef(NodeResponse response) {
    return response.status() == 200
        && firstPkt(response)
            .flatMap(ErrorPkts::errorText)
            .filter(ErrorPkts::isNotOurRef)
            .isPresent();
  }

  /// Returns the first pkt of a response without consuming it; blocks until some bytes have
  /// arrived. Empty if these bytes do not contain a complete pkt. An error pkt is short, so it is
  /// expected to be complete in the first bytes.
  static Optional<Pkt> firstPkt(NodeResponse response) {
    try {
      return PktReader.peekFirst(response.peek());
    } catch (IOException e) {
      // The response is not in pkt-line format, or the node failed. Neither is an error pkt.
      return Optional.empty();
    }
  }
}
