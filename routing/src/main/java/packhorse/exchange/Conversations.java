package packhorse.exchange;

import java.io.IOException;
import java.util.OptionalLong;
import packhorse.node.AdvertisedTips;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.request.GitRequest;
import packhorse.request.Refused;

/// How an exec over SSH is answered: the conversation goes on with the client, and each of its
/// turns is one request over HTTP to a node.
final class Conversations {
  private final FetchConversation fetches;
  private final PushConversation pushes;
  private final ArchiveConversation archives;

  Conversations(
      Asking asking,
      NodeCalls calls,
      V2FromV0 translation,
      AdvertisedTips tips,
      Policy policy,
      OptionalLong pushLimit) {
    fetches = new FetchConversation(asking, calls, translation, tips);
    pushes = new PushConversation(asking, calls, tips, policy, pushLimit);
    archives = new ArchiveConversation(asking, calls);
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
