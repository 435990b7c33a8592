package packhorse.exchange;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.Push;
import packhorse.wire.PushReader;
import packhorse.wire.ReportWatch;
import packhorse.wire.Service;
import packhorse.wire.WireException;

/// One push over HTTP: its commands are read and judged, then everything is relayed as it came,
/// once.
final class PushExchange {
  private static final Bytes FLUSH = Bytes.of("0000");

  private final Asking asking;
  private final NodeCalls calls;
  private final Relay relay;
  private final Changed changed;
  private final Policy policy;
  private final OptionalLong limit;

  PushExchange(
      Asking asking,
      NodeCalls calls,
      Relay relay,
      Changed changed,
      Policy policy,
      OptionalLong limit) {
    this.asking = asking;
    this.calls = calls;
    this.relay = relay;
    this.changed = changed;
    this.policy = policy;
    this.limit = limit;
  }

  Answer answer(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    Optional<Push> push = commands(client);
    if (push.isEmpty()) return probe(request, permit, routes, client);
    policy.authorise(permit, push.get());
    withinLimit(push.get(), client.length());
    NodeCall.Stream body =
        new NodeCall.Stream(client.length(), new PushFeeder(push.get(), client, limit));
    NodeCall call = calls.exchange(permit, Service.RECEIVE_PACK, request.version(), body);
    try (Asked asked = asking.ask(permit, routes.write(), call)) {
      turnedAway(asked.answer(), push.get());
      // whatever the node says, the repository may have changed: forgotten before the client can
      // know
      ReportWatch report = new ReportWatch(push.get(), () -> changed.maybe(permit));
      long bytes = relay.relay(permit, asked, client, report);
      changed.told(permit, push.get(), report.report());
      return asked.given(bytes, push, report.report());
    } catch (Refused refused) {
      // also where no report was seen: the node may have done it before it failed
      changed.maybe(permit);
      throw Unreported.push(refused, push.get());
    }
  }

  // before anything is sent, where the client says how much will come
  private void withinLimit(Push push, OptionalLong length) throws Refused {
    if (length.isPresent() && length.getAsLong() > limit.orElse(Long.MAX_VALUE)) {
      throw new Refused(PushFeeder.tooLarge(limit), push);
    }
  }

  /// The lone flush that git sends before a large push, to learn whether it is let in; no push.
  private Answer probe(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    Route route = routes.write();
    NodeCall call =
        calls.exchange(permit, Service.RECEIVE_PACK, request.version(), new NodeCall.Whole(FLUSH));
    try (Asked asked = asking.ask(permit, route, call)) {
      return relay.whole(permit, asked, client);
    }
  }

  private static Optional<Push> commands(StatelessClient client) throws Refused, IOException {
    try {
      return PushReader.read(client.fromClient());
    } catch (WireException.TooLarge e) {
      throw new Refused(Refusal.tooLarge("the list of refs to push", "one push"));
    } catch (WireException e) {
      throw new Refused(Refusal.malformed("the push is not git's: " + e.getMessage()));
    }
  }

  // git shows a bare number for these: say it in words, with the node's name
  private static void turnedAway(NodeAnswer answer, Push push) throws Refused {
    int status = answer.status();
    if (status < 400 || status == 401 || status == 403 || status == 404 || status == 429) return;
    String words = status + " " + answer.reason();
    String node = answer.node().name();
    throw new Refused(
        Refusal.nodeFailed("the node " + node + " turned the push away: " + words.strip()), push);
  }
}
