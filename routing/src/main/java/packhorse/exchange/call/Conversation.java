package packhorse.exchange.call;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.node.PermittedRoutes;
import packhorse.policy.Permit;
import packhorse.wire.ByteString;
import packhorse.wire.pkt.ErrorPkts;

/// The state of one SSH exec: the routes that it may take, its client, and what its requests to
/// nodes have produced so far. Used on the thread of the exec.
public final class Conversation {
  // the exit status of a git process that died
  private static final int FAILURE_STATUS = 128;

  private final PermittedRoutes routes;
  private final ConversationClient client;
  private final List<Attempt> attempts = new ArrayList<>();
  private @Nullable RoutedResponse lastResponse;
  private ListAge earlierListAge = ListAge.CURRENT;
  private long bytes;

  public Conversation(PermittedRoutes routes, ConversationClient client) {
    this.routes = routes;
    this.client = client;
  }

  public Permit permit() {
    return routes.permit();
  }

  public PermittedRoutes routes() {
    return routes;
  }

  public ConversationClient client() {
    return client;
  }

  /// Records that a node responded to the current request. Its observer says what the client
  /// received with it.
  public void addResponse(RoutedResponse response) {
    earlierListAge = listAge();
    lastResponse = response;
    attempts.addAll(response.attempts());
  }

  /// The greatest age of the lists that the client has received.
  private ListAge listAge() {
    RoutedResponse response = lastResponse;
    if (response == null) return earlierListAge;
    ListAge last = response.listAge();
    return last.compareTo(earlierListAge) > 0 ? last : earlierListAge;
  }

  /// Sets what observes the rest of the current response.
  public void replaceObserver(AnswerObserver observer) {
    RoutedResponse response = lastResponse;
    if (response != null) lastResponse = response.withObserver(observer);
  }

  /// Sends bytes to the client and flushes them.
  public void send(ByteString bytesToClient) throws IOException {
    bytes += bytesToClient.size();
    bytesToClient.writeTo(client.toClient());
    client.toClient().flush();
  }

  /// Counts bytes that were sent to the client by other means than [#send].
  public void addBytes(long count) {
    bytes += count;
  }

  /// Relays the `ERR` pkt of a node and ends the exec with a failure.
  ///
  /// @param message the text after `ERR `, in wire form
  public Answer endWithError(String message) throws IOException {
    return endWithError(ErrorPkts.relayedError(message));
  }

  /// Sends an error that is encoded already and ends the exec with a failure.
  public Answer endWithError(ByteString error) throws IOException {
    send(error);
    return exit(FAILURE_STATUS);
  }

  /// Ends the exec with a failure: the client has all of the node's response, which had no end.
  public Answer endWithoutFlush() {
    return exit(FAILURE_STATUS);
  }

  /// Ends the exec with success; that of a push also if single refs were rejected.
  public Answer end() {
    return exit(0);
  }

  private Answer exit(int status) {
    client.exit(status);
    return answerSoFar()
        .orElseThrow(
            () -> new IllegalStateException("no request was sent to a node in this conversation"));
  }

  /// The record of what the client has received so far; empty if no node has responded.
  public Optional<Answer> answerSoFar() {
    return Optional.ofNullable(lastResponse)
        .map(response -> response.toAnswer(bytes).withAttempts(attempts).withListAge(listAge()));
  }
}
