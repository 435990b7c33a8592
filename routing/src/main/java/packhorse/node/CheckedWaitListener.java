package packhorse.node;

import java.time.Duration;

/// Makes a check at short intervals, and calls another listener when that is due. Used on one
/// thread, for one wait.
final class CheckedWaitListener implements WaitListener {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final Check check;
  private final WaitListener delegate;
  private boolean delegateIsNext = true;

  CheckedWaitListener(Check check, WaitListener delegate) {
    this.check = check;
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
    check.run();
    if (delegateIsNext) delegate.stillWaiting();
  }

  @Override
  public void nodeAsked(Node node) {
    delegate.nodeAsked(node);
  }
}
