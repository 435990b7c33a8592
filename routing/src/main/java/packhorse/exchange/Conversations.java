package packhorse.exchange;

import java.io.IOException;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refused;

/// How an exec over SSH is answered: the conversation goes on with the client, and each of its
/// turns is one request over HTTP to a node.
final class Conversations {
  private final FetchConversation fetches;
  private final PushConversation pushes;
  private final ArchiveConversation archives;

  Conversations(FetchConversation fetches, PushConversation pushes, ArchiveConversation archives) {
    this.fetches = fetches;
    this.pushes = pushes;
    this.archives = archives;
  }

  Answer answer(Permit permit, Routes routes, ConversationClient client)
      throws Refused, IOException {
    if (!(permit.request() instanceof GitRequest request)) {
      throw new IllegalArgumentException("a file over SSH");
    }
    Turns turns = new Turns(permit, routes, client);
    return switch (request.service()) {
      case UPLOAD_PACK -> fetches.answer(request, turns);
      case RECEIVE_PACK -> pushes.answer(request, turns);
      case UPLOAD_ARCHIVE -> archives.answer(request, turns);
    };
  }
}
