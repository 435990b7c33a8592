package packhorse.node;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What we know of one node's health, from probes and from real traffic. Called on any thread.
public final class NodeHealth {
  private static final Logger log = LoggerFactory.getLogger(NodeHealth.class);

  private final Node node;
  private final Thresholds thresholds;
  private final LongSupplier nanoTime;
  private State state = State.UP;
  private boolean draining;
  private int failedProbes;
  private int failedRequests;
  private int successes;
  private long since;
  private String reason = "";

  NodeHealth(Node node, Thresholds thresholds, LongSupplier nanoTime) {
    this.node = node;
    this.thresholds = thresholds;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong() - thresholds.slowStart().toNanos();
  }

  public Node node() {
    return node;
  }

  public synchronized State state() {
    if (state == State.DOWN && retryDue()) return draining ? State.DRAINING : State.UP;
    return state == State.UP && draining ? State.DRAINING : state;
  }

  /// Why the node is down; empty while it is up.
  public synchronized String reason() {
    return state == State.DOWN ? reason : "";
  }

  /// A probe went well.
  public synchronized void probed() {
    failedProbes = 0;
    if (state == State.DOWN && ++successes >= thresholds.upAfter()) up();
  }

  /// Real traffic went well.
  public synchronized void answered() {
    failedRequests = 0;
    if (state == State.DOWN && retryDue()) up();
  }

  /// A probe failed.
  public synchronized void probeFailed(String what) {
    successes = 0;
    failed(++failedProbes, what);
  }

  /// Real traffic failed. Counted apart: a node whose health page is well and whose git is not goes
  /// down all the same.
  public synchronized void failed(String what) {
    failed(++failedRequests, what);
  }

  private void failed(int inRow, String what) {
    if (state == State.UP ? inRow >= thresholds.downAfter() : retryDue()) down(what);
  }

  /// Takes the node out of new work, or back.
  public synchronized void drain(boolean drain) {
    draining = drain;
  }

  /// The node's share of the reads in thousandths of its weight's unit: less for a while after it
  /// came back.
  synchronized long share() {
    long full = node.weight() * 1000L;
    long whole = thresholds.slowStart().toNanos();
    long gone = nanoTime.getAsLong() - since;
    return whole <= 0 || gone >= whole ? full : Math.max(full / 10, full * gone / whole);
  }

  private boolean retryDue() {
    return thresholds
        .retry()
        .map(pause -> nanoTime.getAsLong() - since >= pause.toNanos())
        .orElse(false);
  }

  private void up() {
    state = State.UP;
    failedProbes = 0;
    failedRequests = 0;
    since = nanoTime.getAsLong();
    log.atInfo()
        .addKeyValue("pool", node.pool())
        .addKeyValue("node", node.name())
        .log("node is up");
  }

  private void down(String what) {
    if (state == State.UP) {
      log.atWarn()
          .addKeyValue("pool", node.pool())
          .addKeyValue("node", node.name())
          .addKeyValue("why", what)
          .log("node is down");
    }
    state = State.DOWN;
    successes = 0;
    since = nanoTime.getAsLong();
    reason = what;
  }
}
