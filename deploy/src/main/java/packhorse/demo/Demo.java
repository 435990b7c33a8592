package packhorse.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running demo: its folder, three nodes on one disk, and the proxy in front of them. Closing
/// ends all of it, the proxy first, and deletes the folder; a second close does nothing. For any
/// thread.
final class Demo implements AutoCloseable {
  private static final int NODES = 3;

  private final DemoPorts ports;
  private final DemoShell shell;
  private final Path configuration;
  private final Deque<AutoCloseable> running;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Demo(DemoPorts ports, DemoShell shell, Path configuration, Deque<AutoCloseable> running) {
    this.ports = ports;
    this.shell = shell;
    this.configuration = configuration;
    this.running = running;
  }

  /// Starts all of it. What had been started is ended when something cannot be.
  static Demo start(DemoProxy proxy, NodeLog log) throws Exception {
    var running = new ArrayDeque<AutoCloseable>();
    try {
      DemoHome home = DemoHome.create();
      running.push(home);
      Path repositories = home.folder().resolve("repositories");
      SampleRepositories.write(repositories);
      List<JGitNode> nodes = new ArrayList<>();
      for (int number = 1; number <= NODES; number++) {
        JGitNode node = JGitNode.start("node-" + number, repositories, log);
        running.push(node);
        nodes.add(node);
      }
      DemoShell shell = DemoShell.write(home.folder());
      DemoPorts ports = DemoPorts.free();
      Path configuration = DemoConfiguration.write(home.folder(), ports, nodes);
      running.push(proxy.start(configuration));
      return new Demo(ports, shell, configuration, running);
    } catch (Exception e) {
      end(running);
      throw e;
    }
  }

  DemoPorts ports() {
    return ports;
  }

  DemoShell shell() {
    return shell;
  }

  Path configuration() {
    return configuration;
  }

  List<DemoStep> steps(String program) {
    return DemoSteps.of(ports, program, configuration);
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) end(running);
  }

  private static void end(Deque<AutoCloseable> running) throws IOException {
    IOException failure = null;
    for (AutoCloseable each : running) {
      try {
        each.close();
      } catch (Exception e) {
        if (failure == null) failure = new IOException("ending the demo", e);
        else failure.addSuppressed(e);
      }
    }
    if (failure != null) throw failure;
  }
}
