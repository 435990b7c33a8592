package packhorse.exchange.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.Conversation;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatusMessages;
import packhorse.exchange.refs.ListObserver;
import packhorse.memory.CollectedInput;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReader;

/// Answers a push over SSH: relays a fresh advertisement of the node that will receive the push,
/// authorises the commands, then relays the pack as it arrives, once and to that node only.
public final class PushConversation {
  private final FailoverClient failover;
  private final NodeRequestFactory requests;
  private final PushInvalidation invalidation;
  private final PushApproval approval;
  private final OptionalLong limit;

  /// @param limit of a push in bytes
  public PushConversation(
      FailoverClient failover,
      NodeRequestFactory requests,
      PushInvalidation invalidation,
      PushApproval approval,
      OptionalLong limit) {
    this.failover = failover;
    this.requests = requests;
    this.invalidation = invalidation;
    this.approval = approval;
    this.limit = limit;
  }

  /// Answers one exec; blocks until the client has its report.
  public Answer answer(GitRequest request, Conversation conversation)
      throws RefusalException, IOException {
    Node node = relayAdvertisement(request, conversation);
    InputStream fromClient = conversation.client().fromClient();
    CollectedInput commands = conversation.client().collectedInput(CollectedInput.PUSH_COMMANDS);
    Optional<Push> push = ProtocolErrors.readFromClient(() -> PushReader.read(commands));
    if (push.isEmpty()) return conversation.end();
    ConversationPushBody body = new ConversationPushBody(push.get(), fromClient, limit);
    try {
      approval.authorise(conversation.permit(), push.get());
      approval.begin(conversation.permit(), push.get());
      body.awaitPack();
      // Whatever ends the push from now on, its record names its refs.
      conversation.replaceObserver(
          AnswerObserver.of(new AnswerResult.Pushed(push.get(), Optional.empty())));
      invalidation.begins(conversation.routes(), push.get());
      return relayPush(request, conversation, node, body);
    } catch (RefusalException refusal) {
      // git reads the report only after it has sent its pack.
      drain(body);
      throw refusal;
    }
  }

  private static void drain(ConversationPushBody body) throws IOException {
    try {
      body.drain();
    } catch (ClientGoneException e) {
      // The client does not wait for its report; the caller continues as if it did.
      return;
    }
  }

  /// Relays the node's advertisement unchanged, without the service line of HTTP.
  ///
  /// @return the node that sent it
  private Node relayAdvertisement(GitRequest request, Conversation conversation)
      throws RefusalException, IOException {
    Permit permit = conversation.permit();
    Route route = conversation.routes().write();
    NodeRequest toNode = requests.advertisement(permit, GitService.RECEIVE_PACK, request.version());
    try (RoutedResponse routed =
        failover.send(permit, route, toNode, conversation.client().presence())) {
      conversation.addResponse(routed.withObserver(AnswerObserver.of(new AnswerResult.RefList())));
      StatusMessages.requireOk(routed);
      NodeResponse response = routed.nodeResponse();
      PktReader fromNode = new PktReader(response.body(), WireLimits.ADVERTISEMENT_BYTES);
      Pkt first =
          ProtocolErrors.readFromNode(response.node(), () -> readAfterServiceLine(fromNode));
      new PktWriter(conversation.client().toClient()).writePkt(first);
      AnswerObserver list = ListObserver.of(response, ResponseObserver.none());
      conversation.addBytes(ResponseCopier.copyRemainder(response, conversation.client(), list));
      return response.node();
    }
  }

  private static Pkt readAfterServiceLine(PktReader fromNode) throws IOException {
    Pkt pkt = fromNode.read();
    boolean serviceLine = pkt instanceof Pkt.Line line && line.text().startsWith("# service=");
    if (!serviceLine) return pkt;
    fromNode.read();
    return fromNode.read();
  }

  private Answer relayPush(
      GitRequest request, Conversation conversation, Node node, ConversationPushBody body)
      throws RefusalException, IOException {
    Permit permit = conversation.permit();
    Push push = body.push();
    NodeRequest toNode =
        requests.serviceRequest(
            permit,
            GitService.RECEIVE_PACK,
            request.version(),
            new NodeRequest.StreamedBody(OptionalLong.empty(), body));
    Route sameNode = new Route(List.of(node), false, "the node that advertised");
    try (RoutedResponse response = sendPush(permit, sameNode, toNode, push)) {
      conversation.addResponse(response);
      if (!response.isOk()) {
        throw new RefusalException(StatusMessages.refusalFor(response.nodeResponse()), push);
      }
      // A node that responds early has not read all of the pack; git reads the report only after
      // sending it.
      drain(body);
      PushAnswerObserver observer =
          new PushAnswerObserver(invalidation, conversation.routes(), push);
      conversation.replaceObserver(observer);
      conversation.addBytes(
          copyReport(response.nodeResponse(), conversation.client().toClient(), observer));
      return conversation.end();
    } catch (RefusalException | IOException e) {
      // Even without a report the node may have applied the push before it failed.
      invalidation.mayHaveChanged(conversation.routes());
      throw e;
    }
  }

  private static long copyReport(
      NodeResponse response, OutputStream toClient, PushAnswerObserver observer)
      throws RefusalException, IOException {
    try {
      return PushReportCopier.copy(response, toClient, observer);
    } catch (RefusalException refusal) {
      throw UnknownPushOutcome.withoutReport(refusal);
    }
  }

  private RoutedResponse sendPush(Permit permit, Route route, NodeRequest toNode, Push push)
      throws RefusalException, IOException {
    try {
      return failover.send(permit, route, toNode, WaitListener.none());
    } catch (RefusalException refusal) {
      throw UnknownPushOutcome.refusal(refusal, push);
    }
  }
}
