package packhorse.exchange;

import java.io.IOException;
import java.util.Optional;
import packhorse.node.NodeCall;
import packhorse.policy.Permit;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.AnswerEnd;
import packhorse.wire.Fetch;
import packhorse.wire.Limits;
import packhorse.wire.PktReader;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.V2Command;
import packhorse.wire.V2CommandReader;

/// Protocol v2 over SSH: it has no state, so each command is one POST, and its answer is the
/// POST's.
final class V2Conversation {
  private final Asking asking;
  private final NodeCalls calls;
  private final RefLists lists;
  private final Packs packs;
  private final V2FromV0 translation;

  V2Conversation(
      Asking asking, NodeCalls calls, RefLists lists, Packs packs, V2FromV0 translation) {
    this.asking = asking;
    this.calls = calls;
    this.lists = lists;
    this.packs = packs;
    this.translation = translation;
  }

  Answer converse(Turns turns) throws Refused, IOException {
    PktReader in = new PktReader(turns.client().fromClient(), Limits.FETCH_BYTES);
    Optional<V2Command> command = Heard.fromClient(() -> V2CommandReader.read(in));
    while (command.isPresent()) {
      // what the node said of it, if anything, has gone to the client
      if (!answered(command.get(), turns)) return turns.died();
      command = Heard.fromClient(() -> V2CommandReader.read(in));
    }
    return turns.end();
  }

  /// False when the node's answer has no end: a client would wait for the rest of it.
  private boolean answered(V2Command command, Turns turns) throws Refused, IOException {
    try (Asked asked = asked(command, turns)) {
      turns.took(asked);
      Declined.unlessOk(asked);
      AnswerEnd end = new AnswerEnd(asked.watch());
      long bytes = Handing.rest(asked.answer(), turns.client(), end);
      turns.counted(bytes);
      if (end.complete()) return true;
      if (bytes > 0) return false;
      if (FetchBody.of(command).fetch().filter(Fetch::answeredWithNothing).isPresent()) return true;
      String node = asked.answer().node().name();
      throw new Refused(Refusal.nodeFailed("the node " + node + " gave no answer"));
    }
  }

  private Asked asked(V2Command command, Turns turns) throws Refused, IOException {
    Permit permit = turns.permit();
    if (permit.offersV2()) {
      return translation.answer(permit, turns.routes(), command, turns.client());
    }
    var body = new NodeCall.Whole(command.raw());
    var call = calls.exchange(permit, Service.UPLOAD_PACK, ProtocolVersion.V2, body);
    FetchBody asks = FetchBody.of(command);
    if (asks.listsRefs()) return lists.ask(permit, turns.routes(), call);
    Optional<Fetch> pack = asks.pack();
    if (pack.isEmpty()) return asking.ask(permit, lists.route(permit, turns.routes()), call);
    return packs.ask(permit, turns.routes(), call, pack.get(), turns.client());
  }
}
