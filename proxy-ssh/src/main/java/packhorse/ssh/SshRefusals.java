package packhorse.ssh;

import java.io.IOException;
import java.util.Optional;
import packhorse.request.Arrival;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.SideBand;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReportWriter;

/// Sends a refusal over SSH, in the form that git shows to its user:
///
/// - to a push whose commands were read, a report that rejects every ref;
/// - to a fetch that reads side-band frames next, a message on side-band 3;
/// - where git waits for the first pkt-line of a response, an `ERR` pkt, whose text git prints
///   after `remote error:`;
/// - else a line on standard error.
///
/// @param arrival the arrival of the exec that is refused; its id ends every message
/// @param service the git service whose client reads the message; empty when it is not a git client
record SshRefusals(Arrival arrival, Optional<GitService> service) {
  // The exit status of git's own programs when they die().
  private static final int DIED = 128;

  /// Sends the refusal and ends the exec. Does not fail when the client is gone.
  void send(Refusal refusal, Optional<Push> push, SshConversationClient client) {
    String message = refusal.message() + " (decision " + arrival.id() + ")";
    ByteString response = response(message, push, client);
    if (response.isEmpty()) {
      client.writeError(message);
      client.exit(DIED);
      return;
    }
    try {
      response.writeTo(client.toClient());
      client.toClient().flush();
      // receive-pack exits with 0 after a report, even if the report rejects every ref.
      client.exit(push.isPresent() ? 0 : DIED);
    } catch (IOException clientGone) {
      client.logUnsent("the refusal", clientGone);
      client.exit(DIED);
    }
  }

  private ByteString response(String message, Optional<Push> push, SshConversationClient client) {
    if (push.isPresent()) return PushReportWriter.refusal(push.get(), message, message);
    if (client.readsSideBand()) return ErrorPkts.errorBand(SideBand.SIDE_BAND, message);
    return readsErrPkt(client) ? ErrorPkts.errPkt(message) : ByteString.EMPTY;
  }

  // In the middle of a response, a client would take an ERR pkt for a part of it. A client that
  // pushes reads an ERR pkt only instead of the ref advertisement: after that it expects a report.
  private boolean readsErrPkt(SshConversationClient client) {
    if (service.isEmpty() || client.isMidResponse()) return false;
    return !client.responseStarted() || service.get() == GitService.UPLOAD_PACK;
  }
}
