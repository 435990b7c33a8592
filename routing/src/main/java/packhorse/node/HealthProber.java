package packhorse.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Probes every node periodically, on one virtual thread for each node, and reports the results to
/// its [NodeHealth]. Started and closed by `Assembly`.
public final class HealthProber implements AutoCloseable {
  private final HealthProbe probe;
  private final Consumer<Node> downListener;
  private final List<Thread> threads = new ArrayList<>();

  /// Starts probing.
  ///
  /// @param interval the time between two probes of a node, by the name of its pool; empty if the
  ///   nodes of the pool are not probed
  /// @param downListener called after each failed probe of a node that is down
  public HealthProber(
      Nodes nodes,
      Function<String, Optional<Duration>> interval,
      HealthProbe probe,
      Consumer<Node> downListener) {
    this.probe = probe;
    this.downListener = downListener;
    for (NodeHealth health : nodes.all()) {
      interval
          .apply(health.node().pool())
          .map(pause -> Thread.ofVirtual().name("probe").start(() -> probeLoop(health, pause)))
          .ifPresent(threads::add);
    }
  }

  private void probeLoop(NodeHealth health, Duration pause) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        probeOnce(health);
        Thread.sleep(pause);
      } catch (InterruptedException closed) {
        return;
      }
    }
  }

  private void probeOnce(NodeHealth health) {
    try {
      probe.probe(health.node());
      health.probeSucceeded();
    } catch (NodeFailure failure) {
      failed(health, String.valueOf(failure.getMessage()));
    } catch (RuntimeException fault) {
      // Without this, a bug would end the probes of this node, and its state would never change.
      failed(health, "the probe itself failed: " + fault);
    }
  }

  private void failed(NodeHealth health, String reason) {
    health.probeFailed(reason);
    if (health.state() == NodeState.DOWN) downListener.accept(health.node());
  }

  /// Stops the probes and waits until their threads have ended.
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
