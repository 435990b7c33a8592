package packhorse.node;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The health of one node, derived from active probes and from client traffic. Called on any
/// thread. Changes are logged after the lock has been released: nobody who asks for the state of a
/// node waits for the log.
public final class NodeHealth {
  private static final Logger log = LoggerFactory.getLogger(NodeHealth.class);

  private final Node node;
  private final HealthThresholds thresholds;
  private final LongSupplier nanoTime;
  private NodeState state = NodeState.UP;
  private boolean draining;
  private int failedProbes;
  private int failedRequests;
  private int failedResponses;
  private int successfulProbes;
  private long stateChangedAt;
  private String reason = "";

  /// What an event did to the node.
  private enum Change {
    NONE,
    UP,
    DOWN
  }

  NodeHealth(Node node, HealthThresholds thresholds, LongSupplier nanoTime) {
    this.node = node;
    this.thresholds = thresholds;
    this.nanoTime = nanoTime;
    // A node starts with its full share.
    this.stateChangedAt = nanoTime.getAsLong() - thresholds.slowStart().toNanos();
  }

  public Node node() {
    return node;
  }

  public synchronized NodeState state() {
    if (state == NodeState.DOWN && isRetryDue()) {
      return draining ? NodeState.DRAINING : NodeState.UP;
    }
    return state == NodeState.UP && draining ? NodeState.DRAINING : state;
  }

  /// Why the node is down; empty while it is up.
  public synchronized String reason() {
    return state == NodeState.DOWN ? reason : "";
  }

  /// Records a successful probe.
  public void probeSucceeded() {
    log(countSuccessfulProbe(), "");
  }

  private synchronized Change countSuccessfulProbe() {
    failedProbes = 0;
    failedResponses = 0;
    boolean goesUp = state == NodeState.DOWN && ++successfulProbes >= thresholds.upAfter();
    return goesUp ? markUp() : Change.NONE;
  }

  /// Records a successful request of a client.
  public void requestSucceeded() {
    log(countSuccessfulRequest(), "");
  }

  private synchronized Change countSuccessfulRequest() {
    failedRequests = 0;
    failedResponses = 0;
    return state == NodeState.DOWN && isRetryDue() ? markUp() : Change.NONE;
  }

  /// Records a failed probe.
  public void probeFailed(String description) {
    log(countFailedProbe(description), description);
  }

  private synchronized Change countFailedProbe(String description) {
    successfulProbes = 0;
    failedProbes++;
    return recordFailure(Math.max(failedProbes, failedRequests + failedResponses), description);
  }

  /// Records a failed request of a client.
  ///
  /// @param requestSent whether the node may have received the request: then its failure may depend
  ///   on what was requested, see [#responseFailed]
  public void requestFailed(String description, boolean requestSent) {
    if (requestSent) {
      responseFailed(description);
    } else {
      log(countFailedRequest(description), description);
    }
  }

  /// Records a failure that may depend on what a client requested, or on the client: a web page, a
  /// server error, or a response that ended too early. One client, or one broken repository, must
  /// not take the node down for all others: where nodes are probed, such failures only count while
  /// probes fail, too.
  public void responseFailed(String description) {
    log(countFailedResponse(description), description);
  }

  private synchronized Change countFailedResponse(String description) {
    failedResponses++;
    boolean probed = thresholds.retry().isEmpty();
    return probed && failedProbes == 0
        ? Change.NONE
        : recordFailure(failedRequests + failedResponses, description);
  }

  private synchronized Change countFailedRequest(String description) {
    failedRequests++;
    return recordFailure(failedRequests, description);
  }

  private Change recordFailure(int consecutive, String description) {
    boolean goesDown = state == NodeState.UP ? consecutive >= thresholds.downAfter() : isRetryDue();
    return goesDown ? markDown(description) : Change.NONE;
  }

  /// Starts or stops draining: a draining node gets no new work.
  public synchronized void setDraining(boolean drain) {
    draining = drain;
  }

  /// The node's current share of the reads, in thousandths of a unit of weight. It is reduced
  /// during the slow start of a node that is up again.
  synchronized long effectiveWeight() {
    long fullWeight = node.weight() * 1000L;
    long slowStart = thresholds.slowStart().toNanos();
    long elapsed = nanoTime.getAsLong() - stateChangedAt;
    return slowStart <= 0 || elapsed >= slowStart
        ? fullWeight
        : Math.max(fullWeight / 10, fullWeight * elapsed / slowStart);
  }

  private boolean isRetryDue() {
    return thresholds
        .retry()
        .map(pause -> nanoTime.getAsLong() - stateChangedAt >= pause.toNanos())
        .orElse(false);
  }

  private Change markUp() {
    state = NodeState.UP;
    failedProbes = 0;
    failedRequests = 0;
    failedResponses = 0;
    stateChangedAt = nanoTime.getAsLong();
    return Change.UP;
  }

  private Change markDown(String description) {
    Change change = state == NodeState.UP ? Change.DOWN : Change.NONE;
    state = NodeState.DOWN;
    successfulProbes = 0;
    stateChangedAt = nanoTime.getAsLong();
    reason = description;
    return change;
  }

  private void log(Change change, String description) {
    if (change == Change.NONE) return;
    var event = change == Change.UP ? log.atInfo() : log.atWarn();
    event = event.addKeyValue("pool", node.pool()).addKeyValue("node", node.name());
    if (change == Change.UP) event.log("node is up");
    else event.addKeyValue("reason", description).log("node is down");
  }
}
