package packhorse.ssh;

import java.io.IOException;
import java.util.Optional;
import packhorse.request.Arrival;
import packhorse.request.Refusal;
import packhorse.wire.Bytes;
import packhorse.wire.ErrorLines;
import packhorse.wire.Push;
import packhorse.wire.ReportComposer;
import packhorse.wire.Service;
import packhorse.wire.SideBand;

/// How a no of ours is said over SSH, in the form that git shows: a report for a push whose
/// commands were read, band 3 where a fetch has a part of its answer from us, an `ERR` pkt where
/// git waits for our first word (it prints `fatal: remote error: ...`), else a line on standard
/// error.
///
/// @param arrival of the exec that is refused; its id stands at the end of what we say
/// @param service whose client reads what we say; empty: no program of git's
record SshRefusals(Arrival arrival, Optional<Service> service) {
  // what git's own programs end with when they die
  private static final int DIED = 128;

  /// Says it and ends the exec. A client that is gone is told nothing.
  void say(Refusal refusal, Optional<Push> push, SshClientSide client) {
    String words = refusal.sentence() + " (decision " + arrival.id() + ")";
    Bytes answer = answer(words, push, client);
    if (answer.isEmpty()) {
      client.remark(words);
      client.end(DIED);
      return;
    }
    try {
      answer.writeTo(client.toClient());
      client.toClient().flush();
      // receive-pack ends well after a report, whatever it says
      client.end(push.isPresent() ? 0 : DIED);
    } catch (IOException nobodyListens) {
      client.end(DIED);
    }
  }

  private Bytes answer(String words, Optional<Push> push, SshClientSide client) {
    if (push.isPresent()) return ReportComposer.refusal(push.get(), words, words);
    if (client.ahead()) return ErrorLines.band3(SideBand.SMALL, words + "\n");
    return readsErrors(client) ? ErrorLines.err(words) : Bytes.EMPTY;
  }

  // a client that pushes has said its commands by now and expects a report; inside an answer
  // nothing but its rest is read
  private boolean readsErrors(SshClientSide client) {
    if (service.isEmpty() || client.inAnswer()) return false;
    return !client.begun() || service.get() == Service.UPLOAD_PACK;
  }
}
