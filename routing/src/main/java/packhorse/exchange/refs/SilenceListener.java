package packhorse.exchange.refs;

import java.time.Duration;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.WaitListener;

/// Is called while the node of a [CoalescedRequest] is silent: starts a helper when that has lasted
/// too long, and ends the wait when nobody needs the response any more. Used on the thread that
/// waits for the node.
final class SilenceListener implements WaitListener {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  // How late the callers notice at most that the helper has responded
  private static final Duration INTERVAL_IF_HELPED = Duration.ofMillis(20);

  private final CoalescedRequest request;
  private final Duration silenceLimit;
  private final Runnable onLimit;
  private final WaitListener client;

  /// @param silenceLimit how long the node may be silent before a helper is wanted
  /// @param onLimit starts a helper if that is possible; called again and again after the limit
  /// @param client ends the wait when the client of the only caller has left
  SilenceListener(
      CoalescedRequest request, Duration silenceLimit, Runnable onLimit, WaitListener client) {
    this.request = request;
    this.silenceLimit = silenceLimit;
    this.onLimit = onLimit;
    this.client = client;
  }

  @Override
  public Duration timeToNextCall() {
    if (request.isHelped()) return INTERVAL_IF_HELPED;
    Duration toLimit = silenceLimit.minus(request.silence());
    boolean limitIsNext = toLimit.isPositive() && toLimit.compareTo(INTERVAL) < 0;
    return limitIsNext ? toLimit : INTERVAL;
  }

  @Override
  public void stillWaiting() throws ClientGoneException, NodeFailure {
    client.stillWaiting();
    if (request.isUnwanted()) {
      throw new ClientGoneException("nobody waits for this response any more");
    }
    if (request.silence().compareTo(silenceLimit) >= 0) onLimit.run();
  }

  @Override
  public void nodeAsked(Node node) {
    request.nodeAsked(node);
  }
}
