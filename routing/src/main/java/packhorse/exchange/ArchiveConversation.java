package packhorse.exchange;

import java.io.IOException;
import packhorse.node.NodeCall;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.ArchiveRequest;
import packhorse.wire.Service;
import packhorse.wire.Watch;

/// An archive over SSH: the client says what it wants, and the node's answer over HTTP is the
/// answer here too.
final class ArchiveConversation {
  private final Asking asking;
  private final NodeCalls calls;

  ArchiveConversation(Asking asking, NodeCalls calls) {
    this.asking = asking;
    this.calls = calls;
  }

  Answer answer(GitRequest request, Turns turns) throws Refused, IOException {
    ArchiveRequest asks = Heard.fromClient(() -> ArchiveRequest.read(turns.client().fromClient()));
    var body = new NodeCall.Whole(asks.raw());
    var call = calls.exchange(turns.permit(), Service.UPLOAD_ARCHIVE, request.version(), body);
    try (Asked asked = asking.ask(turns.permit(), turns.routes().read(), call)) {
      turns.took(asked);
      unlessUnable(asked);
      Declined.unlessOk(asked);
      turns.counted(Handing.rest(asked.answer(), turns.client(), Watch.none()));
      return turns.end();
    }
  }

  // git serves archives over HTTP since 2.44 and not to everybody; others do not know the service
  // at all
  private static void unlessUnable(Asked asked) throws Refused {
    int status = asked.answer().status();
    if (status != 403 && status != 404 && status != 405 && status != 415) return;
    String node = asked.answer().node().name();
    throw new Refused(
        new Refusal(
            Refusal.Kind.NOT_SERVED,
            "there is no such repository, or the node " + node + " makes no archives of it",
            "node \"" + node + "\": status " + status));
  }
}
