package packhorse.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import packhorse.node.ClientGone;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.Capabilities;
import packhorse.wire.ErrorLines;
import packhorse.wire.Foretold;
import packhorse.wire.Limits;
import packhorse.wire.PktReader;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.V0Answer;
import packhorse.wire.V0Body;
import packhorse.wire.V0Round;
import packhorse.wire.V0Wants;
import packhorse.wire.Watch;

/// Protocol v0 (and v1) over SSH, where the conversation has a state, to a node over HTTP, which
/// has none: every POST says again what is wanted and what is known to be common, and what the
/// client has heard already is taken out of the answer (../git-corners 9).
final class V0Conversation {
  private final Packs packs;
  private final NodeCalls calls;

  V0Conversation(Packs packs, NodeCalls calls) {
    this.packs = packs;
    this.calls = calls;
  }

  Answer converse(Turns turns) throws Refused, IOException {
    PktReader in = new PktReader(turns.client().fromClient(), Limits.FETCH_BYTES);
    Optional<V0Wants> wants = Heard.fromClient(() -> V0Wants.read(in));
    return wants.isEmpty() ? turns.end() : new Rounds(turns, wants.get(), in).run();
  }

  /// The rounds of one conversation.
  private final class Rounds {
    private final Turns turns;
    private final V0Wants wants;
    private final PktReader in;
    private final Negotiation negotiation;
    private Route route;

    Rounds(Turns turns, V0Wants fromClient, PktReader in) throws Refused {
      this.turns = turns;
      this.wants = fromClient.with(toNode(fromClient.capabilities()));
      this.in = in;
      this.negotiation = new Negotiation(fromClient.dialect().acks());
      this.route = turns.routes().fetch(fromClient.wants());
    }

    Answer run() throws Refused, IOException {
      Optional<Bytes> no = wants.deepen().asked() ? shallowList() : Optional.empty();
      while (no.isEmpty()) {
        in.begin();
        V0Round round = Heard.fromClient(() -> V0Round.read(in, wants.format()));
        if (round.end() == V0Round.End.INPUT_ENDED) return left(round);
        no = answered(round);
        if (no.isEmpty() && round.end() == V0Round.End.DONE) return turns.end();
      }
      // the node's own no goes on as it came
      return turns.failed(no.get());
    }

    // a client that wanted the shallow list alone, or was told enough, leaves without a word
    private Answer left(V0Round round) throws ClientGone {
      if (round.haves().isEmpty()) return turns.end();
      throw new ClientGone("the client left in the midst of its haves", new EOFException());
    }

    /// What the client hears before it says what it has; or the node's no.
    private Optional<Bytes> shallowList() throws Refused, IOException {
      try (Asked asked =
          ask(
              V0Body.wants(wants),
              packs.meanwhile(turns.permit(), Optional.empty(), turns.client()))) {
        V0Answer answer = head(asked);
        if (answer.error().isPresent()) return answer.error().map(ErrorLines::relayed);
        turns.say(negotiation.shallowList(answer.shallow()));
        return Optional.empty();
      }
    }

    /// Answers one round, with the pack if it is the last; or the node's no.
    private Optional<Bytes> answered(V0Round round) throws Refused, IOException {
      Meanwhile meanwhile = packs.meanwhile(turns.permit(), foretold(round), turns.client());
      Bytes body = V0Body.compose(wants, negotiation.common(), round);
      try (Asked asked = ask(body, meanwhile)) {
        V0Answer answer = head(asked);
        if (answer.error().isPresent()) return answer.error().map(said -> no(said, meanwhile));
        // a client that was told the last word hears no other
        if (!meanwhile.spoken()) turns.say(negotiation.answer(answer.acks(), round.end()));
        if (round.end() == V0Round.End.DONE) pack(asked, answer);
        return Optional.empty();
      }
    }

    // to a round that says nothing of what the client has, only we answer in the end: what was
    // common before is all that the last word depends on
    private Optional<Foretold> foretold(V0Round round) {
      boolean done = round.end() == V0Round.End.DONE;
      return Foretold.of(wants.fetch(round.haves(), done))
          .map(told -> told.with(negotiation.last()));
    }

    private Bytes no(String said, Meanwhile meanwhile) {
      return meanwhile.no(said).orElseGet(() -> ErrorLines.relayed(said));
    }

    private void pack(Asked asked, V0Answer answer) throws Refused, IOException {
      if (!answer.pack()) {
        String node = asked.answer().node().name();
        throw new Refused(Refusal.nodeFailed("the node " + node + " sent no pack"));
      }
      turns.client().inAnswer(true);
      answer.over().writeTo(turns.client().toClient());
      turns.counted(answer.over().size());
      turns.counted(Handing.rest(asked.answer(), turns.client(), Watch.none()));
    }

    private Asked ask(Bytes body, Meanwhile meanwhile) throws Refused, IOException {
      if (body.size() > Limits.FETCH_BYTES) {
        throw new Refused(Refusal.tooLarge("the list of common commits", "one request"));
      }
      var whole = new NodeCall.Whole(body);
      NodeCall call =
          calls.exchange(turns.permit(), Service.UPLOAD_PACK, ProtocolVersion.V0, whole);
      Asked asked = packs.ask(turns.permit(), route, call, wants.wants(), meanwhile);
      turns.took(asked);
      route = route.staying(asked.answer().node());
      try {
        Declined.unlessOk(asked);
      } catch (Refused no) {
        asked.close();
        throw no;
      }
      return asked;
    }

    private V0Answer head(Asked asked) throws Refused, IOException {
      PktReader fromNode = new PktReader(asked.answer().body(), Limits.ANSWER_HEAD_BYTES);
      return Heard.fromNode(
          asked.answer().node(), () -> V0Answer.read(fromNode, wants.deepen().asked()));
    }
  }

  // whatever mode the client speaks, the node is asked in the one that says most
  private static Capabilities toNode(Capabilities fromClient) {
    return fromClient
        .without("multi_ack", "multi_ack_detailed", "no-done")
        .with("multi_ack_detailed");
  }
}
