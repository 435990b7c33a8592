package packhorse.exchange;

import java.io.IOException;
import java.util.Optional;
import packhorse.node.NodeCall;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.Fetch;
import packhorse.wire.Limits;
import packhorse.wire.Service;
import packhorse.wire.WireException;

/// One question to upload-pack over HTTP: read whole (it is bounded), parsed, sent to a node that
/// can answer it.
final class FetchExchange {
  private final Asking asking;
  private final NodeCalls calls;
  private final RefLists lists;
  private final Packs packs;
  private final Relay relay;
  private final V2FromV0 translation;

  FetchExchange(
      Asking asking,
      NodeCalls calls,
      RefLists lists,
      Packs packs,
      Relay relay,
      V2FromV0 translation) {
    this.asking = asking;
    this.calls = calls;
    this.lists = lists;
    this.packs = packs;
    this.relay = relay;
    this.translation = translation;
  }

  /// A list of refs, or in v2 the capabilities.
  Answer advertisement(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    Optional<Asked> translated = translation.advertisement(permit, routes);
    NodeCall call = calls.advertisement(permit, request.service(), request.version());
    try (Asked asked =
        translated.isPresent() ? translated.get() : lists.ask(permit, routes, call)) {
      // a node that speaks only v0 lists its refs to a v2 client too
      return relay.whole(permit, asked, client);
    }
  }

  Answer answer(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    byte[] body = body(client);
    FetchBody asks = parsed(body);
    NodeCall call =
        calls.exchange(
            permit, Service.UPLOAD_PACK, request.version(), new NodeCall.Whole(Bytes.copyOf(body)));
    try (Asked asked = asked(asks, call, permit, routes, client)) {
      return relay.whole(permit, asked, client);
    }
  }

  private Asked asked(
      FetchBody asks, NodeCall call, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    if (permit.offersV2() && asks.command().isPresent()) {
      return translation.answer(permit, routes, asks.command().get(), client);
    }
    if (asks.listsRefs()) return lists.ask(permit, routes, call);
    Optional<Fetch> pack = asks.pack();
    if (pack.isEmpty()) return asking.ask(permit, lists.route(permit, routes), call);
    return packs.ask(permit, routes, call, pack.get(), client);
  }

  /// What the client sends, at most as much as git itself takes.
  static byte[] body(StatelessClient client) throws Refused, IOException {
    long most = Limits.FETCH_BYTES;
    // of a length that is told only so much room is made
    long told = client.length().orElse(most);
    byte[] body = client.fromClient().readNBytes((int) Math.min(told, most) + 1);
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
}
