package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatelessClient;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.memory.CollectedInput;
import packhorse.node.NodeRequest;
import packhorse.node.PermittedRoutes;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;

/// Answers a git-upload-pack request over HTTP. The body is read completely, within limits, and
/// parsed before a node is chosen.
public final class StatelessFetch {
  private final NodeRequestFactory requests;
  private final RefAdvertisements advertisements;
  private final V2Translation translation;
  private final FetchDispatcher dispatcher;

  public StatelessFetch(
      NodeRequestFactory requests,
      RefAdvertisements advertisements,
      V2Translation translation,
      FetchDispatcher dispatcher) {
    this.requests = requests;
    this.advertisements = advertisements;
    this.translation = translation;
    this.dispatcher = dispatcher;
  }

  /// Answers `GET info/refs`: with a ref advertisement, or in v2 with the capabilities.
  public Answer advertisement(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    // A node that speaks only v0 sends its refs to a v2 client too, unless they are translated.
    Optional<RoutedResponse> translated = translation.advertisement(routes, client);
    NodeRequest toNode =
        requests.advertisement(routes.permit(), request.service(), request.version());
    try (RoutedResponse response =
        translated.isPresent()
            ? translated.get()
            : advertisements.request(routes, toNode, client)) {
      return ResponseCopier.relay(routes.permit(), response, client);
    }
  }

  /// Answers `POST git-upload-pack`.
  public Answer answer(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    byte[] raw = readBody(client);
    FetchRequestBody body = parse(raw);
    try (RoutedResponse response =
        dispatcher.send(routes, body, ByteString.wrap(raw), request.version(), client)) {
      return ResponseCopier.relay(routes.permit(), response, client);
    }
  }

  /// Reads the body of a request, at most as much as git itself accepts.
  public static byte[] readBody(StatelessClient client) throws RefusalException, IOException {
    long limit = WireLimits.FETCH_REQUEST_BYTES;
    // A buffer of the announced length is enough if there is one.
    long announced = client.contentLength().orElse(limit);
    CollectedInput in = client.collectedInput(CollectedInput.FETCH_REQUEST);
    byte[] body = in.readNBytes((int) Math.min(announced, limit) + 1);
    if (body.length > limit) {
      throw new RefusalException(Refusal.tooLarge("the request", limit + " bytes"));
    }
    return body;
  }

  private static FetchRequestBody parse(byte[] body) throws RefusalException, IOException {
    try {
      return FetchRequestBody.read(body);
    } catch (WireException e) {
      throw new RefusalException(Refusal.malformed("not a valid git request: " + e.getMessage()));
    }
  }
}
