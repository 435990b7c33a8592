package packhorse.exchange.fetch;

import java.io.IOException;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.Conversation;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatusMessages;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.memory.CollectedInput;
import packhorse.node.NodeRequest;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;
import packhorse.wire.fetch.ArchiveRequest;

/// Answers `git archive --remote` over SSH: sends one request to a node over HTTP and copies its
/// response body to the client unchanged. Called on the thread of each exec.
public final class ArchiveConversation {
  private final NodeRequestFactory requests;
  private final RefAdvertisements advertisements;

  public ArchiveConversation(NodeRequestFactory requests, RefAdvertisements advertisements) {
    this.requests = requests;
    this.advertisements = advertisements;
  }

  /// Answers one exec; blocks until the client has the archive.
  public Answer answer(GitRequest request, Conversation conversation)
      throws RefusalException, IOException {
    CollectedInput collected = conversation.client().collectedInput(CollectedInput.FETCH_REQUEST);
    ArchiveRequest archive = ProtocolErrors.readFromClient(() -> ArchiveRequest.read(collected));
    Permit permit = conversation.permit();
    NodeRequest toNode =
        requests.serviceRequest(
            permit,
            GitService.UPLOAD_ARCHIVE,
            request.version(),
            new NodeRequest.BufferedBody(archive.raw()));
    AnswerObserver observer = AnswerObserver.of(new AnswerResult.Archive());
    try (RoutedResponse response =
        advertisements.sendToCurrentNode(conversation.routes(), toNode, conversation.client())) {
      conversation.addResponse(response.withObserver(observer));
      requireArchiveService(response);
      StatusMessages.requireOk(response);
      conversation.addBytes(
          ResponseCopier.copyRemainder(response.nodeResponse(), conversation.client(), observer));
      return conversation.end();
    }
  }

  // git serves archives over HTTP since 2.44, and not to everybody; other nodes do not know the
  // service.
  private static void requireArchiveService(RoutedResponse response) throws RefusalException {
    int status = response.nodeResponse().status();
    if (status != 403 && status != 404 && status != 405 && status != 415) return;
    String node = response.nodeResponse().node().name();
    throw new RefusalException(
        new Refusal(
            Refusal.Kind.NOT_SERVED,
            "there is no such repository, or the node " + node + " serves no archives of it",
            "node \"" + node + "\": status " + status));
  }
}
