package packhorse.exchange.call;

import java.time.Duration;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.node.NodeHealth;
import packhorse.node.NodeState;
import packhorse.node.WaitListener;

/// Ends the wait for a silent node once it is marked down, so that its clients need not wait for
/// the timeout. Passes calls on to another listener when that is due. Used on one thread, for one
/// attempt.
final class HealthWatch implements WaitListener {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final NodeHealth health;
  private final WaitListener delegate;
  private boolean delegateIsNext = true;

  /// @param health the health of the node that is waited for
  /// @param delegate the listener of the request
  HealthWatch(NodeHealth health, WaitListener delegate) {
    this.health = health;
    this.delegate = delegate;
  }

  @Override
  public Duration timeToNextCall() {
    Duration other = delegate.timeToNextCall();
    delegateIsNext = other.compareTo(INTERVAL) <= 0;
    return delegateIsNext ? other : INTERVAL;
  }

  @Override
  public void stillWaiting() throws ClientGoneException, NodeFailure {
    if (health.state() == NodeState.DOWN) {
      throw new NodeFailure(health.node(), true, "went down while it was silent", null).asCounted();
    }
    if (delegateIsNext) delegate.stillWaiting();
  }
}
