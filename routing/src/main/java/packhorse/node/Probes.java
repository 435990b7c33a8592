package packhorse.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Probes each node again and again, one virtual thread a node, until closed. Started and closed by
/// the assembly.
public final class Probes implements AutoCloseable {
  private final Probe probe;
  private final List<Thread> threads = new ArrayList<>();

  /// @param interval of a pool's nodes; empty: they are not probed
  public Probes(Nodes nodes, Function<String, Optional<Duration>> interval, Probe probe) {
    this.probe = probe;
    for (NodeHealth node : nodes.all()) {
      interval
          .apply(node.node().pool())
          .map(pause -> Thread.ofVirtual().name("probe").start(() -> watch(node, pause)))
          .ifPresent(threads::add);
    }
  }

  private void watch(NodeHealth node, Duration pause) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        once(node);
        Thread.sleep(pause);
      } catch (InterruptedException closed) {
        return;
      }
    }
  }

  private void once(NodeHealth node) {
    try {
      probe.probe(node.node());
      node.probed();
    } catch (NodeFailure failure) {
      node.probeFailed(String.valueOf(failure.getMessage()));
    }
  }

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
