package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeResponse;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Detects the response of a node that lacks a wanted object (`not our ref`), so that the request
/// is then sent to another node: a replica may lag, and a client is told that an object does not
/// exist only if no node has it. Called on the request's thread.
public final class NotOurRefDetector {
  private final AdvertisedTips tips;

  public NotOurRefDetector(AdvertisedTips tips) {
    this.tips = tips;
  }

  /// Returns a predicate that is true for a `not our ref` response to a request for these wants. In
  /// a replicated pool the predicate also records that the node lacks the wants, so that requests
  /// of the next seconds are sent to other nodes first.
  Predicate<NodeResponse> forWants(Permit permit, Collection<ObjectId> wants) {
    return response -> {
      boolean notOurRef = isNotOurRef(response);
      if (notOurRef && permit.placement().pool().isReplicated()) {
        tips.recordMissing(permit, response.node(), wants);
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
  /// arrived. Empty if they are not a complete pkt. An error pkt is short, so it is expected to
  /// arrive in one piece.
  static Optional<Pkt> firstPkt(NodeResponse response) {
    try {
      return PktReader.peekFirst(response.peek());
    } catch (IOException e) {
      // The response is not pkt-lines, or the node failed: in neither case is it an error pkt.
      return Optional.empty();
    }
  }
}
