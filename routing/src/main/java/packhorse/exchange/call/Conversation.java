package packhorse.exchange.call;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import packhorse.node.PermittedRoutes;
import packhorse.policy.Permit;
import packhorse.wire.ByteString;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;

/// The state of one SSH exec: the routes that it may take, its client, and what its requests to
/// nodes have produced so far. Used on the thread of the exec.
public final class Conversation {
  // the exit status of a git process that died
  private static final int FAILURE_STATUS = 128;

  private final PermittedRoutes routes;
  private final ConversationClient client;
  private final List<String> failures = new ArrayList<>();
  private @Nullable RoutedResponse lastResponse;
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

  /// Records that a node responded to the current request.
  public void addResponse(RoutedResponse response) {
    lastResponse = response;
    failures.addAll(response.failures());
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
    return exit(FAILURE_STATUS, Optional.empty(), Optional.empty());
  }

  /// Ends the exec with a failure: the node's response was truncated, and the client has all of it
  /// that arrived.
  public Answer endTruncated() {
    return exit(FAILURE_STATUS, Optional.empty(), Optional.empty());
  }

  /// Ends the exec with success.
  public Answer end() {
    return exit(0, Optional.empty(), Optional.empty());
  }

  /// Ends the exec of a push with success, whatever the report says about single refs.
  public Answer end(Push push, Optional<PushReport> report) {
    return exit(0, Optional.of(push), report);
  }

  private Answer exit(int status, Optional<Push> push, Optional<PushReport> report) {
    client.exit(status);
    RoutedResponse response = lastResponse;
    if (response == null)
      throw new IllegalStateException("no request was sent to a node in this conversation");
    return new Answer(
        response.route(),
        response.nodeResponse().node(),
        response.nodeResponse().status(),
        bytes,
        failures,
        push,
        report);
  }
}
