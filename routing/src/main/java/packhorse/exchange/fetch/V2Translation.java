package packhorse.exchange.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.refs.RecentList;
import packhorse.exchange.refs.RecentLists;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.node.TranslatedResponse;
import packhorse.node.V0AdvertisementCache;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.refs.AdvertisementHead;
import packhorse.wire.refs.V0AdvertisementSummary;
import packhorse.wire.translate.LsRefsTranslator;
import packhorse.wire.translate.TranslatedCapabilities;

/// Offers protocol v2 to clients although the proxy sends v0 requests to the node (`offer-v2` of a
/// pool). Translates the capability advertisement and `ls-refs`; [V2FetchTranslation] translates
/// fetches.
public final class V2Translation {
  // The client sent a command in a POST, but the node's response is an advertisement, with another
  // type; JGit checks the type.
  private static final String RESULT_TYPE = "application/x-git-upload-pack-result";

  private final NodeRequestFactory requests;
  private final RefAdvertisements advertisements;
  private final V0AdvertisementCache cache;
  private final RecentLists recentLists = new RecentLists();
  private final V2FetchTranslation fetches;

  public V2Translation(
      NodeRequestFactory requests,
      RefAdvertisements advertisements,
      PackFetcher packs,
      V0AdvertisementCache cache) {
    this.requests = requests;
    this.advertisements = advertisements;
    this.cache = cache;
    this.fetches = new V2FetchTranslation(packs, requests);
  }

  /// The capability advertisement for a client that asks to fetch in v2. Empty for other clients,
  /// and if the node cannot be translated: then the node's own advertisement is relayed.
  ///
  /// @param client is waited for no longer than it is there
  Optional<RoutedResponse> advertisement(PermittedRoutes routes, Client client)
      throws RefusalException, IOException {
    if (!requestsV2(routes.permit())) return Optional.empty();
    var started = new StartedRequest(cache.now(), recentLists.nextNumber());
    return advertisements.read(
        routes,
        advertisementRequest(routes),
        client,
        response ->
            response.isOk()
                ? translated(routes, response, started, client)
                : Optional.of(response));
  }

  /// When a request for an advertisement was started.
  ///
  /// @param number its number among all such requests
  private record StartedRequest(V0AdvertisementCache.Moment moment, long number) {}

  private Optional<RoutedResponse> translated(
      PermittedRoutes routes, RoutedResponse response, StartedRequest started, Client client)
      throws RefusalException, IOException {
    var collector = new RecentList.Collector(response.nodeResponse().body(), client.memory());
    try {
      V0AdvertisementSummary summary = readSummary(response, collector);
      cache.put(routes.asker(), summary, started.moment());
      if (!TranslatedCapabilities.canTranslate(summary.capabilities())) {
        response.close();
        return Optional.empty();
      }
      Optional<RecentList> list =
          collector.finish(response.nodeResponse(), started.moment().version());
      // A list of a replica may be old, and each request is recorded and compared by itself then.
      if (!routes.isReplicated()) {
        recentLists.leaveTicket(routes.asker(), started.number(), list);
      }
      return Optional.of(replaced(response, TranslatedCapabilities.toAdvertisement(summary)));
    } catch (WireException.RemoteError e) {
      return Optional.of(replaced(response, ErrorPkts.relayedError(e.errorText())));
    }
  }

  /// The response to a command; the caller closes it.
  ///
  /// @param client receives keep-alives while it waits for a pack
  /// @throws RefusalException also for a command that was not offered
  RoutedResponse answer(PermittedRoutes routes, V2Command command, Client client)
      throws RefusalException, IOException {
    return switch (command) {
      case V2Command.LsRefs lsRefs -> answerLsRefs(routes, lsRefs, client);
      case V2Command.FetchCommand fetch -> answerFetch(routes, fetch.fetch(), client);
      case V2Command.Other other ->
          throw new RefusalException(
              Refusal.malformed("the command '" + other.name() + "' was not offered"));
    };
  }

  private RoutedResponse answerLsRefs(
      PermittedRoutes routes, V2Command.LsRefs command, Client client)
      throws RefusalException, IOException {
    Optional<RecentList> recent =
        recentLists
            .take(routes.asker())
            .filter(list -> cache.isCurrent(routes.asker(), list.version()));
    if (recent.isPresent()) return lsRefs(recent.get().toResponse(), command);
    return advertisements.read(
        routes,
        advertisementRequest(routes),
        client,
        response -> response.isOk() ? lsRefs(response, command) : response);
  }

  private static RoutedResponse lsRefs(RoutedResponse response, V2Command.LsRefs command)
      throws RefusalException, IOException {
    try {
      PktReader in = reader(response.nodeResponse().body());
      return ProtocolErrors.readFromNode(
          response.nodeResponse().node(),
          () -> {
            LsRefsTranslator refs = new LsRefsTranslator(AdvertisementHead.read(in), in, command);
            return response.withResponse(
                TranslatedResponse.generated(response.nodeResponse(), refs)
                    .withContentType(RESULT_TYPE));
          });
    } catch (WireException.RemoteError e) {
      return withError(response, e);
    }
  }

  // A fetch whose advertisement has expired, or was requested through another proxy, requests it
  // again. If the node does not send one, the client gets its response: a challenge, for instance.
  private RoutedResponse answerFetch(PermittedRoutes routes, Fetch fetch, Client client)
      throws RefusalException, IOException {
    Optional<V0AdvertisementSummary> cached = cache.get(routes.asker());
    if (cached.isPresent()) return fetches.answer(routes, fetch, cached.get(), client);
    V0AdvertisementCache.Moment now = cache.now();
    AdvertisementResult result =
        advertisements.read(routes, advertisementRequest(routes), client, this::readResult);
    if (result.summary().isEmpty()) return result.response();
    V0AdvertisementSummary summary = result.summary().get();
    cache.put(routes.asker(), summary, now);
    return fetches.answer(routes, fetch, summary, client);
  }

  /// The result of a request for an advertisement.
  ///
  /// @param response closed if there is a summary
  /// @param summary empty if the node did not send an advertisement
  private record AdvertisementResult(
      RoutedResponse response, Optional<V0AdvertisementSummary> summary) {}

  private AdvertisementResult readResult(RoutedResponse response)
      throws RefusalException, IOException {
    if (!response.isOk()) return new AdvertisementResult(response, Optional.empty());
    try {
      V0AdvertisementSummary summary = readSummary(response, response.nodeResponse().body());
      response.close();
      return new AdvertisementResult(response, Optional.of(summary));
    } catch (WireException.RemoteError e) {
      return new AdvertisementResult(withError(response, e), Optional.empty());
    }
  }

  private static boolean requestsV2(Permit permit) {
    return permit.placement().pool().offersV2()
        && permit.request() instanceof GitRequest request
        && request.service() == GitService.UPLOAD_PACK
        && request.version() == ProtocolVersion.V2;
  }

  private NodeRequest advertisementRequest(PermittedRoutes routes) {
    return requests.advertisement(routes.permit(), GitService.UPLOAD_PACK, ProtocolVersion.V0);
  }

  private static RoutedResponse replaced(RoutedResponse response, ByteString body) {
    return response.withResponse(TranslatedResponse.replaced(response.nodeResponse(), body));
  }

  // The response to a command, in place of an advertisement that contains an error.
  private static RoutedResponse withError(RoutedResponse response, WireException.RemoteError e) {
    return response.withResponse(
        TranslatedResponse.replaced(response.nodeResponse(), ErrorPkts.relayedError(e.errorText()))
            .withContentType(RESULT_TYPE));
  }

  private static PktReader reader(InputStream list) {
    return new PktReader(list, WireLimits.ADVERTISEMENT_BYTES);
  }

  // Read to its end, so that the connection to the node can be reused.
  private static V0AdvertisementSummary readSummary(RoutedResponse response, InputStream list)
      throws RefusalException, IOException {
    return ProtocolErrors.readFromNode(
        response.nodeResponse().node(), () -> V0AdvertisementSummary.read(reader(list)));
  }
}
