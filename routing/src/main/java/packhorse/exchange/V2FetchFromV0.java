package packhorse.exchange;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.node.NodeCall;
import packhorse.node.RetoldAnswer;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Ack;
import packhorse.wire.Bytes;
import packhorse.wire.Fetch;
import packhorse.wire.FetchOption;
import packhorse.wire.Foretold;
import packhorse.wire.Limits;
import packhorse.wire.PktReader;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.V0Answer;
import packhorse.wire.V0Offer;
import packhorse.wire.V2AnswerHead;
import packhorse.wire.V2InV0;
import packhorse.wire.V2Offer;
import packhorse.wire.WireText;

/// A v2 fetch, asked of a node in v0. The negotiation is the node's own: what it says to be common
/// and when it knows enough is what the client hears.
final class V2FetchFromV0 {
  private final Packs packs;
  private final NodeCalls calls;

  V2FetchFromV0(Packs packs, NodeCalls calls) {
    this.packs = packs;
    this.calls = calls;
  }

  Asked answer(Permit permit, Routes routes, Fetch fetch, V0Offer offer, Client client)
      throws Refused, IOException {
    Optional<String> unexpected = V2Offer.notOffered(fetch);
    if (unexpected.isPresent()) {
      throw new Refused(Refusal.malformed("unexpected line: " + WireText.quoted(unexpected.get())));
    }
    Optional<String> lacking = V2Offer.lacking(fetch, offer.capabilities());
    if (lacking.isPresent()) {
      throw new Refused(
          Refusal.notServed(
              "the node does not know '" + lacking.get() + "', which this fetch needs"));
    }
    boolean wanting = !fetch.wants().isEmpty();
    if (!wanting && (offer.tip().isEmpty() || !fetch.has(FetchOption.WAIT_FOR_DONE))) {
      throw new Refused(Refusal.malformed("the fetch wants nothing"));
    }
    Route route = wanting ? routes.fetch(fetch) : routes.read();
    return new Question(permit, fetch, offer, route, client).answered();
  }

  /// One fetch at the nodes of one route.
  private final class Question {
    private final Permit permit;
    private final Fetch fetch;
    private final V0Offer offer;
    private final Route route;
    private final Meanwhile meanwhile;

    Question(Permit permit, Fetch fetch, V0Offer offer, Route route, Client client) {
      this.permit = permit;
      this.fetch = fetch;
      this.offer = offer;
      this.route = route;
      this.meanwhile = packs.meanwhile(permit, foretold(), client);
    }

    Asked answered() throws Refused, IOException {
      return answered(V2InV0.done(fetch), route, List.of());
    }

    /// @param before what was acknowledged when the same was asked without `done`
    private Asked answered(boolean done, Route at, List<Ack> before) throws Refused, IOException {
      Asked asked = asked(done, at);
      if (!asked.ok()) return asked;
      List<Ack> acks;
      try {
        V0Answer answer = head(asked);
        if (answer.error().isPresent()) {
          return said(asked, no(answer.error().get()));
        }
        acks = before.isEmpty() ? answer.acks() : before;
        if (answer.pack()) return pack(asked, answer, acks);
        if (done) throw new Refused(Refusal.nodeFailed("the node sent no pack"));
        if (!ready(acks)) return said(asked, V2AnswerHead.acknowledgments(fetch, acks));
      } catch (Refused | IOException | RuntimeException e) {
        asked.close();
        throw e;
      }
      // a node without "no-done" sends its pack when it is asked once more; v2 has it in the same
      // answer
      asked.close();
      return answered(true, route.staying(asked.answer().node()), acks);
    }

    // what a shallow node has to say before its pack, a v2 client hears in our words
    private Optional<Foretold> foretold() {
      return Foretold.of(fetch).filter(told -> offer.shallow().isEmpty() || !told.announcesPack());
    }

    private Bytes no(String said) {
      return meanwhile.no(said).orElseGet(() -> V2AnswerHead.error(fetch, said));
    }

    private boolean ready(List<Ack> acks) {
      return !fetch.has(FetchOption.WAIT_FOR_DONE)
          && acks.stream().anyMatch(ack -> ack.kind() == Ack.Kind.READY);
    }

    private Asked pack(Asked asked, V0Answer answer, List<Ack> acks) {
      Bytes head = V2AnswerHead.beforePack(fetch, acks, answer.shallow(), offer.shallow());
      return asked.retold(
          RetoldAnswer.before(asked.answer(), meanwhile.unsaid(head).and(answer.over())));
    }

    private Asked said(Asked asked, Bytes words) {
      return asked.retold(RetoldAnswer.whole(asked.answer(), words));
    }

    private Asked asked(boolean done, Route at) throws Refused, IOException {
      Bytes body = V2InV0.body(fetch, offer.capabilities(), offer.tip(), done);
      NodeCall call =
          calls.exchange(permit, Service.UPLOAD_PACK, ProtocolVersion.V0, new NodeCall.Whole(body));
      return packs.ask(permit, at, call, fetch.wants(), meanwhile);
    }

    private V0Answer head(Asked asked) throws Refused, IOException {
      PktReader in = new PktReader(asked.answer().body(), Limits.ANSWER_HEAD_BYTES);
      boolean deepened = fetch.deepen().asked();
      return Heard.fromNode(asked.answer().node(), () -> V0Answer.read(in, deepened));
    }
  }
}
