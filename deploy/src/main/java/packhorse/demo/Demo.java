package packhorse.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running demo: its folder, three nodes on one disk, and the proxy in front of them. Closing it
/// stops the proxy, then the nodes, and deletes the folder; a second close does nothing. Used on
/// any thread.
final class Demo implements AutoCloseable {
  private static final int NODE_COUNT = 3;

  private final DemoPorts ports;
  private final DemoShell shell;
  private final Path configuration;
  private final Deque<AutoCloseable> resources;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Demo(
      DemoPorts ports, DemoShell shell, Path configuration, Deque<AutoCloseable> resources) {
    this.ports = ports;
    this.shell = shell;
    this.configuration = configuration;
    this.resources = resources;
  }

  /// Starts the nodes and the proxy. When one of them cannot be started, those already started are
  /// stopped.
  ///
  /// @param log receives the events of the nodes
  static Demo start(ProxyStarter proxy, NodeEventLog log) throws Exception {
    var resources = new ArrayDeque<AutoCloseable>();
    try {
      DemoFolder folder = DemoFolder.create();
      resources.push(folder);
      Path repositories = folder.path().resolve("repositories");
      SampleRepositories.write(repositories);
      List<JGitNode> nodes = new ArrayList<>();
      for (int number = 1; number <= NODE_COUNT; number++) {
        JGitNode node = JGitNode.start("node-" + number, repositories, log);
        resources.push(node);
        nodes.add(node);
      }
      DemoShell shell = DemoShell.write(folder.path());
      DemoPorts ports = DemoPorts.free();
      Path configuration = DemoConfiguration.write(folder.path(), ports, nodes);
      resources.push(proxy.start(configuration));
      return new Demo(ports, shell, configuration, resources);
    } catch (Exception e) {
      closeAll(resources);
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

  /// @param program the command `packhorse`, quoted for a shell
  List<DemoStep> steps(String program) {
    return DemoSteps.of(ports, program, configuration);
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) closeAll(resources);
  }

  private static void closeAll(Deque<AutoCloseable> resources) throws IOException {
    IOException failure = null;
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        if (failure == null) failure = new IOException("could not stop the demo", e);
        else failure.addSuppressed(e);
      }
    }
    if (failure != null) throw failure;
  }
}
