package packhorse.exchange;

import java.io.IOException;
import java.util.List;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.ErrorLines;
import packhorse.wire.Fetch;
import packhorse.wire.Limits;
import packhorse.wire.Service;
import packhorse.wire.WireException;

/// One question to upload-pack over HTTP: read whole (it is bounded), parsed, sent to a node that
/// can answer it.
final class FetchExchange {
  private final Asking asking;
  private final NodeCalls calls;
  private final Relay relay;
  private final V2FromV0 translation;

  FetchExchange(Asking asking, NodeCalls calls, Relay relay, V2FromV0 translation) {
    this.asking = asking;
    this.calls = calls;
    this.relay = relay;
    this.translation = translation;
  }

  Answer answer(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    byte[] body = body(client);
    FetchBody asks = parsed(body);
    if (permit.offersV2() && asks.command().isPresent()) {
      try (Asked asked = translation.answer(permit, routes, asks.command().get())) {
        return relay.whole(permit, asked, client);
      }
    }
    Route route =
        asks.pack()
            ? routes.fetch(asks.fetch().map(Fetch::wants).orElse(List.of()))
            : routes.read();
    NodeCall call =
        calls.exchange(
            permit, Service.UPLOAD_PACK, request.version(), new NodeCall.Whole(Bytes.copyOf(body)));
    try (Asked asked = asking.ask(permit, route, call, FetchExchange::lacksWanted)) {
      return asks.listsRefs()
          ? relay.advertisement(permit, asked, client)
          : relay.whole(permit, asked, client);
    }
  }

  /// What the client sends, at most as much as git itself takes.
  static byte[] body(StatelessClient client) throws Refused, IOException {
    int most = (int) Limits.FETCH_BYTES;
    byte[] body = client.fromClient().readNBytes(most + 1);
    if (body.length > most) throw new Refused(Refusal.tooLarge("the request", most + " bytes"));
    return body;
  }

  private static FetchBody parsed(byte[] body) throws Refused, IOException {
    try {
      return FetchBody.read(body);
    } catch (WireException e) {
      throw new Refused(Refusal.malformed("the request is not git's: " + e.getMessage()));
    }
  }

  // a replica may lag: whoever has the object is asked before anybody is told that it is not there
  static boolean lacksWanted(NodeAnswer answer) {
    return answer.status() == 200
        && FirstPkt.of(answer).flatMap(ErrorLines::said).filter(ErrorLines::notOurRef).isPresent();
  }
}
