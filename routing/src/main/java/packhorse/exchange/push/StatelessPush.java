package packhorse.exchange.push;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatelessClient;
import packhorse.exchange.refs.ListObserver;
import packhorse.memory.CollectedInput;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedRoutes;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireException;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReader;

/// Answers a push over HTTP: reads and authorises its commands, then relays everything once,
/// without parsing the pack.
public final class StatelessPush {
  private static final ByteString FLUSH = ByteString.of("0000");

  private final FailoverClient failover;
  private final NodeRequestFactory requests;
  private final PushInvalidation invalidation;
  private final PushApproval approval;
  private final OptionalLong limit;

  /// @param limit of a push in bytes
  public StatelessPush(
      FailoverClient failover,
      NodeRequestFactory requests,
      PushInvalidation invalidation,
      PushApproval approval,
      OptionalLong limit) {
    this.failover = failover;
    this.requests = requests;
    this.invalidation = invalidation;
    this.approval = approval;
    this.limit = limit;
  }

  /// Answers `GET info/refs` with the ref advertisement for a push. If the placement is read-only,
  /// the push is refused in place of an advertisement. By sending one, the node has shown that it
  /// accepts the client; any other response of the node, such as a challenge, is relayed.
  public Answer advertisement(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    return advertisement(request, routes, Optional.empty(), client);
  }

  private Answer advertisement(
      GitRequest request, PermittedRoutes routes, Optional<Push> push, StatelessClient client)
      throws RefusalException, IOException {
    Permit permit = routes.permit();
    Optional<Refusal> readOnly = permit.readOnlyRefusal();
    NodeRequest toNode = requests.advertisement(permit, GitService.RECEIVE_PACK, request.version());
    // Any node can say whether it accepts the client; a read-only placement may lack the primary.
    Route route = readOnly.isPresent() ? routes.read() : routes.write();
    try (RoutedResponse response = failover.send(permit, route, toNode, client.presence())) {
      if (response.isOk() && readOnly.isPresent()) {
        throw push.map(commands -> new RefusalException(readOnly.get(), commands))
            .orElseGet(() -> new RefusalException(readOnly.get()));
      }
      AnswerObserver list = ListObserver.of(response.nodeResponse(), ResponseObserver.none());
      return ResponseCopier.relay(permit, response.withObserver(list), client);
    }
  }

  /// Answers `POST git-receive-pack`.
  public Answer answer(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    Optional<Push> push = readCommands(client);
    if (routes.permit().readOnlyRefusal().isPresent()) {
      return advertisement(request, routes, push, client);
    }
    if (push.isEmpty()) return answerProbe(request, routes, client);
    Permit permit = routes.permit();
    approval.authorise(permit, push.get());
    requireWithinLimit(push.get(), client.contentLength());
    approval.begin(permit, push.get());
    invalidation.begins(routes, push.get());
    NodeRequest.StreamedBody body =
        new NodeRequest.StreamedBody(
            client.contentLength(), new StatelessPushBody(push.get(), client, limit));
    NodeRequest toNode =
        requests.serviceRequest(permit, GitService.RECEIVE_PACK, request.version(), body);
    try (RoutedResponse response =
        failover.send(permit, routes.write(), toNode, WaitListener.none())) {
      requireUnrejected(response.nodeResponse(), push.get());
      PushAnswerObserver observer = new PushAnswerObserver(invalidation, routes, push.get());
      return ResponseCopier.relay(permit, response.withObserver(observer), client);
    } catch (RefusalException refusal) {
      // Even without a report the node may have applied the push before it failed.
      invalidation.mayHaveChanged(routes);
      throw UnknownPushOutcome.refusal(refusal, push.get());
    }
  }

  // Checked before anything is sent if the client announced the length.
  private void requireWithinLimit(Push push, OptionalLong length) throws RefusalException {
    if (length.isPresent() && length.getAsLong() > limit.orElse(Long.MAX_VALUE)) {
      throw new RefusalException(StatelessPushBody.tooLarge(limit), push);
    }
  }

  /// Answers the single flush that git sends before a large push to learn whether it is authorised.
  private Answer answerProbe(GitRequest request, PermittedRoutes routes, StatelessClient client)
      throws RefusalException, IOException {
    Permit permit = routes.permit();
    NodeRequest toNode =
        requests.serviceRequest(
            permit,
            GitService.RECEIVE_PACK,
            request.version(),
            new NodeRequest.BufferedBody(FLUSH));
    try (RoutedResponse response =
        failover.send(permit, routes.write(), toNode, client.presence())) {
      return ResponseCopier.relay(permit, response, client);
    }
  }

  private static Optional<Push> readCommands(StatelessClient client)
      throws RefusalException, IOException {
    try {
      return PushReader.read(client.collectedInput(CollectedInput.PUSH_COMMANDS));
    } catch (WireException.TooLarge e) {
      throw new RefusalException(Refusal.tooLarge("the list of refs to push", "one push"));
    } catch (WireException e) {
      throw new RefusalException(Refusal.malformed("not a valid git push: " + e.getMessage()));
    }
  }

  // git would show only the number of these statuses, so they become a sentence that names the
  // node.
  private static void requireUnrejected(NodeResponse response, Push push) throws RefusalException {
    int status = response.status();
    if (status < 400 || status == 401 || status == 403 || status == 404 || status == 429) return;
    String statusLine = status + " " + response.reason();
    String node = response.node().name();
    throw new RefusalException(
        Refusal.nodeFailed("the node " + node + " rejected the push: " + statusLine.strip()), push);
  }
}
