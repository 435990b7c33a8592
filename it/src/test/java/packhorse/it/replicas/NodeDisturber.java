package packhorse.it.replicas;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ReplicaSet;

/// Kills or pauses one of some nodes at a time, and restores it after a while, until it is told to
/// stop; then all nodes serve again. Runs on a thread of its own.
final class NodeDisturber implements Runnable {
  private static final int LONG_PAUSE_ODDS = 4;

  private final ReplicaSet nodes;
  private final int[] candidates;
  private final NodeTimeline timeline;
  private final Figures figures;
  private final Random random;
  private final CountDownLatch stop;
  private final int maxMillis;
  private final int longMillis;

  /// @param candidates the numbers of the nodes
  /// @param maxMillis how long a node is dead or paused at most
  /// @param longMillis how long it is paused now and then
  NodeDisturber(Round round, int[] candidates, Random random, int maxMillis, int longMillis) {
    this.nodes = round.nodes();
    this.candidates = candidates.clone();
    this.timeline = round.timeline();
    this.figures = round.figures();
    this.random = random;
    this.stop = round.stop();
    this.maxMillis = maxMillis;
    this.longMillis = longMillis;
  }

  @Override
  public void run() {
    try {
      while (!pause()) {
        int number = candidates[random.nextInt(candidates.length)];
        PlainNode node = nodes.node(number);
        boolean kill = random.nextBoolean();
        timeline.disturb(number, true);
        figures.count(kill ? Figures.Figure.KILLS : Figures.Figure.PAUSES);
        if (kill) node.kill();
        else node.pause();
        boolean longPause = !kill && random.nextInt(LONG_PAUSE_ODDS) == 0;
        boolean stopped = longPause ? pauseLong() : pause();
        // A machine that hangs is often restarted.
        if (!kill && random.nextInt(3) == 0) {
          node.kill();
          kill = true;
        }
        if (kill) node.restart();
        else node.resume();
        timeline.disturb(number, false);
        if (stopped) return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns whether it is time to stop.
  private boolean pause() throws InterruptedException {
    return stop.await(maxMillis / 8 + random.nextInt(maxMillis), TimeUnit.MILLISECONDS);
  }

  /// Waits longer than a read may take once the node is marked down, even if it is time to stop.
  private boolean pauseLong() {
    Await.holdsWithin(Duration.ofMillis(longMillis), () -> false);
    return stop.getCount() == 0;
  }
}
