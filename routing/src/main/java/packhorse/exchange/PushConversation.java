package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.policy.Policy;
import packhorse.request.GitRequest;
import packhorse.request.Refused;
import packhorse.wire.Limits;
import packhorse.wire.Pkt;
import packhorse.wire.PktReader;
import packhorse.wire.PktWriter;
import packhorse.wire.Push;
import packhorse.wire.PushReader;
import packhorse.wire.ReportWatch;
import packhorse.wire.Service;
import packhorse.wire.Watch;

/// A push over SSH: the fresh advertisement of the node that will take it, the commands, judged,
/// then the pack, relayed as it comes, once and to that node alone.
final class PushConversation {
  private final Asking asking;
  private final NodeCalls calls;
  private final Changed changed;
  private final Policy policy;
  private final OptionalLong limit;

  PushConversation(
      Asking asking, NodeCalls calls, Changed changed, Policy policy, OptionalLong limit) {
    this.asking = asking;
    this.calls = calls;
    this.changed = changed;
    this.policy = policy;
    this.limit = limit;
  }

  Answer answer(GitRequest request, Turns turns) throws Refused, IOException {
    Node node = advertised(request, turns);
    InputStream fromClient = turns.client().fromClient();
    Optional<Push> push = Heard.fromClient(() -> PushReader.read(fromClient));
    if (push.isEmpty()) return turns.end();
    PackFeeder pack = new PackFeeder(push.get(), fromClient, limit);
    try {
      policy.authorise(turns.permit(), push.get());
      return pushed(request, turns, node, pack);
    } catch (Refused refused) {
      throw drained(pack, refused);
    }
  }

  // git reads the report when it has sent its pack, and not before
  private static Refused drained(PackFeeder pack, Refused refused) throws IOException {
    drain(pack);
    return refused;
  }

  private static boolean drain(PackFeeder pack) throws IOException {
    try {
      pack.drain();
      return true;
    } catch (ClientGone nobodyWaitsForTheReport) {
      return false;
    }
  }

  /// Relays the node's advertisement as it came, less the line that HTTP puts before it.
  private Node advertised(GitRequest request, Turns turns) throws Refused, IOException {
    Route route = turns.routes().write();
    var call = calls.advertisement(turns.permit(), Service.RECEIVE_PACK, request.version());
    try (Asked asked = asking.ask(turns.permit(), route, call)) {
      turns.took(asked);
      Declined.unlessOk(asked);
      NodeAnswer answer = asked.answer();
      OutputStream toClient = turns.client().toClient();
      PktReader fromNode = new PktReader(answer.body(), Limits.ADVERTISEMENT_BYTES);
      new PktWriter(toClient).pkt(Heard.fromNode(answer.node(), () -> first(fromNode)));
      turns.counted(Handing.rest(answer, turns.client(), Watch.none()));
      return answer.node();
    }
  }

  private static Pkt first(PktReader fromNode) throws IOException {
    Pkt pkt = fromNode.read();
    boolean named = pkt instanceof Pkt.Line line && line.text().startsWith("# service=");
    if (!named) return pkt;
    fromNode.read();
    return fromNode.read();
  }

  private Answer pushed(GitRequest request, Turns turns, Node node, PackFeeder pack)
      throws Refused, IOException {
    Push push = pack.push();
    var body = new NodeCall.Stream(OptionalLong.empty(), pack);
    var call = calls.exchange(turns.permit(), Service.RECEIVE_PACK, request.version(), body);
    Route same = new Route(List.of(node), false, "the node that advertised");
    try (Asked asked = owingReport(push, () -> asking.ask(turns.permit(), same, call))) {
      turns.took(asked);
      if (!asked.ok()) throw new Refused(Declined.refusal(asked.answer()), push);
      // a node that answered early has not taken all of the pack: git reads the report after it
      drain(pack);
      ReportWatch report = new ReportWatch(push, () -> changed.maybe(turns.permit()));
      turns.counted(Reporting.relay(asked.answer(), turns.client().toClient(), report));
      changed.told(turns.permit(), push, report.report());
      return turns.end(0, Optional.of(push), report.report());
    } catch (Refused | IOException e) {
      // also where no report was seen: the node may have done it before it failed
      changed.maybe(turns.permit());
      throw e;
    }
  }

  private interface AskingOnce {
    Asked ask() throws Refused, IOException;
  }

  private static Asked owingReport(Push push, AskingOnce once) throws Refused, IOException {
    try {
      return once.ask();
    } catch (Refused refused) {
      throw Unreported.push(refused, push);
    }
  }
}
