package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Optional;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.policy.Permit;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.fetch.Fetch;

/// Sends a parsed git-upload-pack request to the nodes that can answer its kind: `ls-refs`, a fetch
/// that leads to a pack, or anything else. Called by the exchanges of HTTP and SSH alike;
/// immutable.
public final class FetchDispatcher {
  private final NodeRequestFactory requests;
  private final RefAdvertisements advertisements;
  private final PackFetcher packs;
  private final V2Translation translation;

  public FetchDispatcher(
      NodeRequestFactory requests,
      RefAdvertisements advertisements,
      PackFetcher packs,
      V2Translation translation) {
    this.requests = requests;
    this.advertisements = advertisements;
    this.packs = packs;
    this.translation = translation;
  }

  /// Sends the request. The caller closes the response.
  ///
  /// @param raw the bytes of the request, for a node to which the proxy speaks the client's version
  /// @param version for the node
  /// @throws RefusalException if no node responded
  RoutedResponse send(
      PermittedRoutes routes,
      FetchRequestBody body,
      ByteString raw,
      ProtocolVersion version,
      Client client)
      throws RefusalException, IOException {
    Permit permit = routes.permit();
    if (permit.placement().pool().offersV2() && body.command().isPresent()) {
      return translation.answer(routes, body.command().get(), client);
    }
    NodeRequest request =
        requests.serviceRequest(
            permit, GitService.UPLOAD_PACK, version, new NodeRequest.BufferedBody(raw));
    if (body.isLsRefs()) return advertisements.request(routes, request, client);
    Optional<Fetch> fetch = body.packFetch();
    if (fetch.isEmpty()) {
      return advertisements.sendToCurrentNode(routes, request, client);
    }
    return packs.fetch(routes, request, fetch.get(), client);
  }
}
