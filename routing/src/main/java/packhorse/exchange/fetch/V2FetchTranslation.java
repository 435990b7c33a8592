package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.node.TranslatedResponse;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireText;
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchOption;
import packhorse.wire.fetch.ResponsePrefix;
import packhorse.wire.fetch.V0ResponseHead;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.refs.V0AdvertisementSummary;
import packhorse.wire.translate.TranslatedCapabilities;
import packhorse.wire.translate.V2ResponsePrefix;
import packhorse.wire.translate.V2ToV0Request;

/// Translates v2 fetches to v0 requests to a node, and the node's responses to v2. The node
/// negotiates: the client is told what the node acknowledges, and receives the pack when the node
/// is ready.
final class V2FetchTranslation {
  private final PackFetcher packs;
  private final NodeRequestFactory requests;

  V2FetchTranslation(PackFetcher packs, NodeRequestFactory requests) {
    this.packs = packs;
    this.requests = requests;
  }

  /// Sends a fetch.
  ///
  /// @param advertisement the summary of the node's v0 advertisement
  /// @return the response in v2; the caller closes it
  RoutedResponse answer(
      PermittedRoutes routes, Fetch fetch, V0AdvertisementSummary advertisement, Client client)
      throws RefusalException, IOException {
    Optional<String> unoffered = TranslatedCapabilities.unofferedArgument(fetch);
    if (unoffered.isPresent()) {
      throw new RefusalException(
          Refusal.malformed("unexpected line: " + WireText.quoted(unoffered.get())));
    }
    Optional<String> missing =
        TranslatedCapabilities.missingCapability(fetch, advertisement.capabilities());
    if (missing.isPresent()) {
      throw new RefusalException(
          Refusal.notServed(
              "the node does not support '" + missing.get() + "', which this fetch needs"));
    }
    boolean hasWants = !fetch.wants().isEmpty();
    if (!hasWants && (advertisement.tip().isEmpty() || !fetch.has(FetchOption.WAIT_FOR_DONE))) {
      throw new RefusalException(Refusal.malformed("the fetch wants nothing"));
    }
    Route route = hasWants ? routes.fetch(fetch) : routes.read();
    return new TranslatedFetch(routes, fetch, advertisement, route, client).send();
  }

  /// One fetch at the nodes of one route.
  private final class TranslatedFetch {
    private final PermittedRoutes routes;
    private final Fetch fetch;
    private final V0AdvertisementSummary advertisement;
    private final Route route;
    private final KeepAliveWriter keepAlive;
    private List<Attempt> attempts = List.of();

    TranslatedFetch(
        PermittedRoutes routes,
        Fetch fetch,
        V0AdvertisementSummary advertisement,
        Route route,
        Client client) {
      this.routes = routes;
      this.fetch = fetch;
      this.advertisement = advertisement;
      this.route = route;
      this.keepAlive = packs.keepAliveWriter(routes, responsePrefix(), client);
    }

    RoutedResponse send() throws RefusalException, IOException {
      return send(V2ToV0Request.expectsPack(fetch), route, List.of());
    }

    /// @param done whether `done` is sent
    /// @param earlier what the node acknowledged when it was asked without `done`
    private RoutedResponse send(boolean done, Route over, List<Acknowledgment> earlier)
        throws RefusalException, IOException {
      ByteString body =
          V2ToV0Request.compose(fetch, advertisement.capabilities(), advertisement.tip(), done);
      RoutedResponse response = sendInV0(body, over);
      if (!response.isOk()) return response.withObserver(FetchAnswerObserver.withoutPack(fetch));
      List<Acknowledgment> acks;
      try {
        V0ResponseHead head = readHead(response, body);
        if (head.errorText().isPresent()) {
          return replaced(response, encodeError(head.errorText().get()));
        }
        acks = earlier.isEmpty() ? head.acknowledgments() : earlier;
        if (head.hasPack()) return withPack(response, head, acks);
        if (done) throw noPack(response);
        if (!isReady(acks)) {
          return replaced(response, V2ResponsePrefix.acknowledgments(fetch, acks));
        }
      } catch (IOException | RuntimeException e) {
        response.close();
        throw e;
      } catch (RefusalException e) {
        response.close();
        Node node = response.nodeResponse().node();
        Optional<Route> others = over.without(node);
        if (others.isEmpty() || !ProtocolErrors.isFaultOfNode(e)) throw e;
        attempts = response.attemptsWith(packs.recordBrokenResponse(node, e));
        return send(done, others.get(), earlier);
      }
      // A node without "no-done" sends its pack only when asked once more; in v2 it belongs to the
      // same response.
      response.close();
      attempts = response.attempts();
      return send(true, over.preferring(response.nodeResponse().node()), acks);
    }

    private static RefusalException noPack(RoutedResponse response) {
      Node node = response.nodeResponse().node();
      return new RefusalException(
          Refusal.nodeFailed("the node sent no pack"), NodeFailure.truncatedResponse(node));
    }

    // The shallow commits of a shallow node come before its pack, in a section composed here.
    private Optional<ResponsePrefix> responsePrefix() {
      return ResponsePrefix.of(fetch)
          .filter(prefix -> advertisement.shallow().isEmpty() || !prefix.isPackfileHeader());
    }

    private ByteString encodeError(String message) {
      return keepAlive.errorFrame(message).orElseGet(() -> V2ResponsePrefix.error(fetch, message));
    }

    private boolean isReady(List<Acknowledgment> acks) {
      return !fetch.has(FetchOption.WAIT_FOR_DONE)
          && acks.stream().anyMatch(ack -> ack.status() == Acknowledgment.AckStatus.READY);
    }

    private RoutedResponse withPack(
        RoutedResponse response, V0ResponseHead head, List<Acknowledgment> acks) {
      ByteString beforePack =
          V2ResponsePrefix.beforePack(fetch, acks, head.shallowUpdate(), advertisement.shallow());
      ByteString start = keepAlive.withoutWrittenPrefix(beforePack).concat(head.packStart());
      return observed(response, TranslatedResponse.prefixed(response.nodeResponse(), start));
    }

    private RoutedResponse replaced(RoutedResponse response, ByteString body) {
      return observed(response, TranslatedResponse.replaced(response.nodeResponse(), body));
    }

    private RoutedResponse observed(RoutedResponse response, NodeResponse translated) {
      return response
          .withResponse(translated)
          .withObserver(FetchAnswerObserver.ofResponse(fetch, keepAlive.writtenPrefix()));
    }

    private RoutedResponse sendInV0(ByteString body, Route over)
        throws RefusalException, IOException {
      NodeRequest request =
          requests.serviceRequest(
              routes.permit(),
              GitService.UPLOAD_PACK,
              ProtocolVersion.V0,
              new NodeRequest.BufferedBody(body));
      return packs
          .fetch(routes, over, request, fetch.wants(), keepAlive)
          .withEarlierAttempts(attempts);
    }

    private V0ResponseHead readHead(RoutedResponse response, ByteString body)
        throws RefusalException, IOException {
      PktReader in = new PktReader(response.nodeResponse().body(), V0ResponseHead.maxBytes(body));
      boolean deepen = fetch.deepen().isRequested();
      return ProtocolErrors.readFromNode(
          response.nodeResponse().node(), () -> V0ResponseHead.read(in, deepen));
    }
  }
}
