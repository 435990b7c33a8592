package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.TranslatedResponse;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectId;
import packhorse.wire.WireText;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.SideBand;

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
    return errorText(response).isPresent();
  }

  /// The error of a `not our ref` response, without a LF.
  private static Optional<String> errorText(NodeResponse response) {
    if (response.status() != 200) return Optional.empty();
    return firstPkt(response)
        .flatMap(ErrorPkts::errorText)
        .filter(ErrorPkts::isNotOurRef)
        .map(String::strip);
  }

  /// Adds to a `not our ref` response which nodes were asked, if there were several: the client may
  /// have been shown the object by another node. Git's own words come first, because programs look
  /// for them. Returns any other response unchanged.
  static RoutedResponse withNodesAsked(RoutedResponse response) {
    NodeResponse fromNode = response.nodeResponse();
    Optional<String> error = response.attempts().isEmpty() ? Optional.empty() : errorText(fromNode);
    if (error.isEmpty()) return response;
    String text = error.get() + " (" + WireText.ofUnicode(nodesAsked(response)) + ")";
    boolean onSideBand =
        firstPkt(fromNode)
            .filter(pkt -> pkt instanceof Pkt.Line line && line.text().startsWith("\3"))
            .isPresent();
    ByteString body =
        onSideBand
            ? ErrorPkts.relayedError(SideBand.SIDE_BAND_64K, text)
            : ErrorPkts.relayedError(text);
    return response.withResponse(TranslatedResponse.replaced(fromNode, body));
  }

  private static String nodesAsked(RoutedResponse response) {
    Set<String> lacking = new TreeSet<>(Set.of(response.nodeResponse().node().name()));
    Set<String> failed = new TreeSet<>();
    for (Attempt attempt : response.attempts()) {
      (attempt.lacked() ? lacking : failed).add(attempt.node().name());
    }
    String verb = lacking.size() == 1 ? " does" : " do";
    String silent = failed.isEmpty() ? "" : "; " + String.join(", ", failed) + " did not answer";
    return String.join(", ", lacking) + verb + " not have it" + silent;
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
