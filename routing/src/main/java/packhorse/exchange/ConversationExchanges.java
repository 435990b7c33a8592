package packhorse.exchange;

import java.io.IOException;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Conversation;
import packhorse.exchange.call.ConversationClient;
import packhorse.exchange.call.Interruption;
import packhorse.exchange.fetch.ArchiveConversation;
import packhorse.exchange.fetch.FetchConversation;
import packhorse.exchange.push.PushConversation;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.node.PermittedRoutes;
import packhorse.request.GitRequest;
import packhorse.request.RefusalException;

/// Answers SSH execs: the conversation with the client is held here, and each request to a node is
/// one request over HTTP.
final class ConversationExchanges {
  private final FetchConversation fetches;
  private final PushConversation pushes;
  private final ArchiveConversation archives;

  ConversationExchanges(
      FetchConversation fetches, PushConversation pushes, ArchiveConversation archives) {
    this.fetches = fetches;
    this.pushes = pushes;
    this.archives = archives;
  }

  Answer answer(PermittedRoutes routes, ConversationClient client)
      throws RefusalException, IOException {
    if (!(routes.permit().request() instanceof GitRequest request)) {
      throw new IllegalArgumentException("a file request over SSH");
    }
    Conversation conversation = new Conversation(routes, client);
    try {
      return answer(request, conversation);
    } catch (RefusalException refusal) {
      if (!(refusal.getCause() instanceof NodeFailure failure)) throw refusal;
      Interruption interruption = new Interruption(failure, Optional.of(refusal));
      // The last response may be another node's: that of the list before the pack.
      return conversation
          .answerSoFar()
          .filter(answer -> answer.node().equals(failure.node()))
          .orElseThrow(() -> refusal)
          .interruptedBy(interruption);
    } catch (ClientGoneException gone) {
      return conversation
          .answerSoFar()
          .orElseThrow(() -> gone)
          .interruptedBy(Interruption.of(gone));
    }
  }

  private Answer answer(GitRequest request, Conversation conversation)
      throws RefusalException, IOException {
    return switch (request.service()) {
      case UPLOAD_PACK -> fetches.answer(request, conversation);
      case RECEIVE_PACK -> pushes.answer(request, conversation);
      case UPLOAD_ARCHIVE -> archives.answer(request, conversation);
    };
  }
}
