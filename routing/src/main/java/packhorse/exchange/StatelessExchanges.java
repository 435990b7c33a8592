package packhorse.exchange;

import java.io.IOException;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.FileRequest;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Bytes;
import packhorse.wire.Service;

/// How each request over HTTP is answered.
final class StatelessExchanges {
  private final Asking asking;
  private final NodeCalls calls;
  private final Relay relay;
  private final FetchExchange fetches;
  private final PushExchange pushes;

  StatelessExchanges(
      Asking asking, NodeCalls calls, Relay relay, FetchExchange fetches, PushExchange pushes) {
    this.asking = asking;
    this.calls = calls;
    this.relay = relay;
    this.fetches = fetches;
    this.pushes = pushes;
  }

  Answer answer(Permit permit, Routes routes, StatelessClient client) throws Refused, IOException {
    return switch (permit.request()) {
      case GitRequest request -> git(request, permit, routes, client);
      case FileRequest request -> file(request, permit, routes, client);
    };
  }

  private Answer git(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    return switch (request.step()) {
      case ADVERTISEMENT -> advertisement(request, permit, routes, client);
      case EXCHANGE ->
          switch (request.service()) {
            case UPLOAD_PACK -> fetches.answer(request, permit, routes, client);
            case RECEIVE_PACK -> pushes.answer(request, permit, routes, client);
            case UPLOAD_ARCHIVE -> archive(request, permit, routes, client);
          };
      case PREFLIGHT -> plain(permit, routes.read(), calls.preflight(permit, request), client);
      case CONVERSATION -> throw new IllegalArgumentException("a conversation over HTTP");
    };
  }

  private Answer advertisement(
      GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    if (request.service() != Service.RECEIVE_PACK) {
      return fetches.advertisement(request, permit, routes, client);
    }
    NodeCall call = calls.advertisement(permit, request.service(), request.version());
    try (Asked asked = asking.ask(permit, routes.write(), call)) {
      return relay.whole(permit, asked, client);
    }
  }

  private Answer archive(GitRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    byte[] body = FetchExchange.body(client);
    NodeCall call =
        calls.exchange(
            permit,
            Service.UPLOAD_ARCHIVE,
            request.version(),
            new NodeCall.Whole(Bytes.copyOf(body)));
    try (Asked asked = asking.ask(permit, routes.read(), call)) {
      return relay.whole(permit, asked, client);
    }
  }

  private Answer file(FileRequest request, Permit permit, Routes routes, StatelessClient client)
      throws Refused, IOException {
    if (!permit.files()) {
      boolean root = request.repository().spelt().equals("info/refs");
      throw new Refused(
          Refusal.notServed(
              root
                  ? "the path names no repository"
                  : "only git's smart protocol is served here, and this is a plain file"));
    }
    return plain(permit, routes.read(), calls.file(permit, request), client);
  }

  private Answer plain(Permit permit, Route route, NodeCall call, StatelessClient client)
      throws Refused, IOException {
    try (Asked asked = asking.askAnything(permit, route, call)) {
      return relay.whole(permit, asked, client);
    }
  }
}
