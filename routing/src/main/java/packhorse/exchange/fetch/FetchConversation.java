package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Conversation;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatusMessages;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.node.NodeRequest;
import packhorse.request.GitRequest;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.refs.AdvertisementHead;

/// Answers a fetch over SSH: relays the advertisement of a node, then continues in the protocol
/// version that the node chose.
public final class FetchConversation {
  private final NodeRequestFactory requests;
  private final RefAdvertisements advertisements;
  private final V2Translation translation;
  private final V2FetchConversation v2;
  private final V0FetchConversation v0;

  public FetchConversation(
      NodeRequestFactory requests,
      RefAdvertisements advertisements,
      PackFetcher packs,
      V2Translation translation,
      FetchDispatcher dispatcher) {
    this.requests = requests;
    this.advertisements = advertisements;
    this.translation = translation;
    this.v2 = new V2FetchConversation(dispatcher);
    this.v0 = new V0FetchConversation(packs, requests);
  }

  /// Answers one SSH exec request. Blocks until the conversation ends, normally with a pack.
  public Answer answer(GitRequest request, Conversation conversation)
      throws RefusalException, IOException {
    Optional<RoutedResponse> translated =
        translation.advertisement(conversation.routes(), conversation.client());
    if (translated.isPresent()) return continueInV2(translated.get(), conversation);
    NodeRequest toNode =
        requests.advertisement(conversation.permit(), GitService.UPLOAD_PACK, request.version());
    AdvertisementHead head;
    try (RoutedResponse response =
        advertisements.request(conversation.routes(), toNode, conversation.client())) {
      conversation.addResponse(response);
      StatusMessages.requireOk(response);
      head = relayAdvertisement(response, conversation);
    } catch (WireException.RemoteError e) {
      return conversation.endWithError(e.errorText());
    }
    return head.version() == ProtocolVersion.V2 ? v2.run(conversation) : v0.run(conversation);
  }

  private Answer continueInV2(RoutedResponse advertisement, Conversation conversation)
      throws RefusalException, IOException {
    try (advertisement) {
      conversation.addResponse(advertisement);
      StatusMessages.requireOk(advertisement);
      conversation.addBytes(
          ResponseCopier.copyRemainder(
              advertisement.nodeResponse(), conversation.client(), advertisement.observer()));
    }
    return v2.run(conversation);
  }

  private AdvertisementHead relayAdvertisement(RoutedResponse response, Conversation conversation)
      throws RefusalException, IOException {
    PktReader fromNode =
        new PktReader(response.nodeResponse().body(), WireLimits.ADVERTISEMENT_BYTES);
    AdvertisementHead head =
        ProtocolErrors.readFromNode(
            response.nodeResponse().node(), () -> AdvertisementHead.read(fromNode));
    // Git offers no-done for stateless RPC only. Over SSH a client requests the pack with "done".
    ByteString toClient =
        head.withoutService()
            .withCapabilities(head.capabilities().without("no-done"))
            .toByteString();
    conversation.send(toClient);
    // In v2 the head is the whole advertisement: there are no refs to copy or to observe.
    if (head.version() == ProtocolVersion.V2) return head;
    response.observer().onBytes(toClient.asReadOnlyBuffer());
    conversation.addBytes(
        ResponseCopier.copyRemainder(
            response.nodeResponse(), conversation.client(), response.observer()));
    return head;
  }
}
