package packhorse.exchange.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Conversation;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatusMessages;
import packhorse.memory.CollectedInput;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeRequest;
import packhorse.node.Route;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireLimits;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.ResponsePrefix;
import packhorse.wire.fetch.UploadHaves;
import packhorse.wire.fetch.UploadRequest;
import packhorse.wire.fetch.UploadRequestWriter;
import packhorse.wire.fetch.V0ResponseHead;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.SideBand;

/// Runs a fetch in protocol v0 or v1 over SSH, where the conversation has state, against a node
/// over HTTP, which has none. Every POST repeats the wants and the common objects; what the client
/// has received already is removed from the response (docs/corners.md).
final class V0FetchConversation {
  /// What a common object that is repeated takes, in bytes of the client's input.
  private static final long HAVE_BYTES = 50;

  private final PackFetcher packs;
  private final NodeRequestFactory requests;

  V0FetchConversation(PackFetcher packs, NodeRequestFactory requests) {
    this.packs = packs;
    this.requests = requests;
  }

  Answer run(Conversation conversation) throws RefusalException, IOException {
    CollectedInput collected = conversation.client().collectedInput(CollectedInput.FETCH_REQUEST);
    PktReader in = new PktReader(collected, WireLimits.FETCH_REQUEST_BYTES);
    Optional<UploadRequest> request = ProtocolErrors.readFromClient(() -> UploadRequest.read(in));
    if (request.isEmpty()) return conversation.end();
    return new Rounds(conversation, request.get(), in, collected).run();
  }

  /// The rounds of one conversation.
  private final class Rounds {
    private final Conversation conversation;
    private final UploadRequest request;
    private final PktReader in;
    private final CollectedInput collected;
    private final Negotiation negotiation;
    private final SideBand sideBand;
    private Route route;
    // what the wants take of the input; they are held until the end
    private final long wantBytes;
    private int haveCount;

    Rounds(
        Conversation conversation, UploadRequest fromClient, PktReader in, CollectedInput collected)
        throws RefusalException {
      this.conversation = conversation;
      this.request = fromClient.withCapabilities(toNode(fromClient.capabilities()));
      this.in = in;
      this.collected = collected;
      this.wantBytes = collected.receivedBytes();
      this.negotiation = new Negotiation(fromClient.dialect().acknowledgmentMode());
      this.sideBand = fromClient.dialect().sideBand();
      this.route = conversation.routes().fetch(fromClient.wants());
    }

    Answer run() throws RefusalException, IOException {
      Optional<ByteString> error =
          request.deepen().isRequested() ? sendShallowUpdate() : Optional.empty();
      while (error.isEmpty()) {
        in.startMessage();
        collected.startMessage();
        UploadHaves haves =
            ProtocolErrors.readFromClient(() -> UploadHaves.read(in, request.format()));
        if (haves.end() == UploadHaves.End.END_OF_INPUT) return endOfInput(haves);
        haveCount += haves.haves().size();
        error = answerRound(haves);
        // Of the haves, only those that the node has are repeated in the next round.
        collected.releaseExcept(wantBytes + HAVE_BYTES * negotiation.acknowledged().size());
        if (error.isEmpty() && haves.end() == UploadHaves.End.DONE) return conversation.end();
      }
      return conversation.endWithError(error.get());
    }

    // A client that wanted only the shallow update, or has learned enough, closes its side without
    // "done".
    private Answer endOfInput(UploadHaves haves) throws ClientGoneException {
      if (haves.haves().isEmpty()) return conversation.end();
      throw new ClientGoneException(
          "the client left in the middle of its haves", new EOFException());
    }

    /// Sends the shallow update, which comes before the haves.
    ///
    /// @return the error of the node, if it reported one
    private Optional<ByteString> sendShallowUpdate() throws RefusalException, IOException {
      KeepAliveWriter silent =
          packs.keepAliveWriter(conversation.routes(), Optional.empty(), conversation.client());
      ByteString body = UploadRequestWriter.withoutHaves(request);
      try (RoutedResponse response = send(body, silent)) {
        V0ResponseHead head = readHead(response, body);
        if (head.errorText().isPresent()) return head.errorText().map(ErrorPkts::relayedError);
        conversation.send(negotiation.shallowList(head.shallowUpdate()));
        return Optional.empty();
      }
    }

    /// Answers one round, with the pack if it is the last one.
    ///
    /// @return the error of the node, if it reported one
    private Optional<ByteString> answerRound(UploadHaves haves)
        throws RefusalException, IOException {
      boolean done = haves.end() == UploadHaves.End.DONE;
      boolean packIsNext = done && negotiation.finalLine().isEmpty();
      if (packIsNext) expectPack();
      KeepAliveWriter keepAlive =
          packs.keepAliveWriter(
              conversation.routes(), responsePrefix(haves), conversation.client());
      ByteString body = UploadRequestWriter.compose(request, negotiation.acknowledged(), haves);
      try (RoutedResponse response = send(body, keepAlive)) {
        V0ResponseHead head = readHead(response, body);
        if (head.errorText().isPresent()) {
          return head.errorText().map(message -> encodeError(message, keepAlive, packIsNext));
        }
        // Refused before the client has the final line, after which it accepts nothing but a pack.
        if (done && !head.hasPack()) throw noPack(response);
        // After keep-alives the client has received the final line already.
        if (!keepAlive.hasWritten()) {
          conversation.send(negotiation.acknowledge(head.acknowledgments(), haves.end()));
        }
        if (done) sendPack(response, head, haves);
        return Optional.empty();
      }
    }

    // In a round without haves the final line depends only on what was common before.
    private Optional<ResponsePrefix> responsePrefix(UploadHaves haves) {
      boolean done = haves.end() == UploadHaves.End.DONE;
      return ResponsePrefix.of(request.toFetch(haves.haves(), done))
          .map(prefix -> prefix.withLine(negotiation.finalLine()));
    }

    // A client without multi_ack that has its one acknowledgment is sent no line after "done".
    private void expectPack() {
      if (sideBand == SideBand.NONE) {
        conversation.client().setMidResponse(true);
      } else {
        conversation.client().expectSideBand();
      }
    }

    private ByteString encodeError(String message, KeepAliveWriter keepAlive, boolean packIsNext) {
      if (packIsNext && sideBand != SideBand.NONE) return ErrorPkts.relayedError(sideBand, message);
      return keepAlive.errorFrame(message).orElseGet(() -> ErrorPkts.relayedError(message));
    }

    private static RefusalException noPack(RoutedResponse response) {
      Node node = response.nodeResponse().node();
      return new RefusalException(
          Refusal.nodeFailed("the node " + node.name() + " sent no pack"),
          NodeFailure.truncatedResponse(node));
    }

    private void sendPack(RoutedResponse response, V0ResponseHead head, UploadHaves haves)
        throws RefusalException, IOException {
      var observer = FetchAnswerObserver.ofPack(request.toFetch(haves.haves(), true), haveCount);
      conversation.replaceObserver(observer);
      conversation.client().setMidResponse(true);
      observer.onBytes(head.packStart().asReadOnlyBuffer());
      head.packStart().writeTo(conversation.client().toClient());
      conversation.addBytes(head.packStart().size());
      conversation.addBytes(
          ResponseCopier.copyRemainder(response.nodeResponse(), conversation.client(), observer));
    }

    private RoutedResponse send(ByteString body, KeepAliveWriter keepAlive)
        throws RefusalException, IOException {
      if (body.size() > WireLimits.FETCH_REQUEST_BYTES) {
        throw new RefusalException(Refusal.tooLarge("the list of common commits", "one request"));
      }
      NodeRequest toNode =
          requests.serviceRequest(
              conversation.permit(),
              GitService.UPLOAD_PACK,
              ProtocolVersion.V0,
              new NodeRequest.BufferedBody(body));
      RoutedResponse response =
          packs.fetch(conversation.routes(), route, toNode, request.wants(), keepAlive);
      Fetch fetch = request.toFetch(List.of(), false);
      conversation.addResponse(response.withObserver(FetchAnswerObserver.withoutPack(fetch)));
      route = route.preferring(response.nodeResponse().node());
      try {
        StatusMessages.requireOk(response);
      } catch (RefusalException e) {
        response.close();
        throw e;
      }
      return response;
    }

    private V0ResponseHead readHead(RoutedResponse response, ByteString body)
        throws RefusalException, IOException {
      PktReader fromNode =
          new PktReader(response.nodeResponse().body(), V0ResponseHead.maxBytes(body));
      return ProtocolErrors.readFromNode(
          response.nodeResponse().node(),
          () -> V0ResponseHead.read(fromNode, request.deepen().isRequested()));
    }
  }

  // Requests to the node always use `multi_ack_detailed`, the most informative acknowledgment mode,
  // independently of the mode that the client chose.
  private static Capabilities toNode(Capabilities fromClient) {
    return fromClient
        .without("multi_ack", "multi_ack_detailed", "no-done")
        .plus("multi_ack_detailed");
  }
}
