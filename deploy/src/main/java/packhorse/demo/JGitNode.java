package packhorse.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A node of kind `plain` in this process: serves a folder of bare repositories with JGit, over
/// smart HTTP in protocol versions 0 and 2, on a free port of the loopback address. Every client
/// may read and write.
///
/// Several nodes may share a folder. Started by the demo and by tests; closed on any thread.
public final class JGitNode implements AutoCloseable {
  private static final int IDLE_MS = 5 * 60_000;

  private final String name;
  private final Server server;
  private final ServerConnector connector;

  private JGitNode(String name, Server server, ServerConnector connector) {
    this.name = name;
    this.server = server;
    this.connector = connector;
  }

  /// Starts a node that listens when this returns.
  ///
  /// @param name the name of the node in the configuration
  /// @param repositories the folder in which `acme/app.git` is repository `acme/app`
  /// @param listener called for each fetch that was sent a pack and each push that was accepted, on
  ///   the thread of the request, before the end of the response is sent
  /// @throws IllegalStateException when no port can be bound
  public static JGitNode start(String name, Path repositories, Consumer<NodeEvent> listener) {
    var threads = new QueuedThreadPool(8, 2);
    threads.setName(name);
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory()));
    var server = new Server(threads);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(IDLE_MS);
    server.addConnector(connector);
    server.setHandler(new GitHttpHandler(name, repositories, listener));
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("could not start " + name, e);
    }
    return new JGitNode(name, server, connector);
  }

  public String name() {
    return name;
  }

  /// Returns the base URL of the node, `http://127.0.0.1:PORT`.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  /// Stops listening and aborts running requests.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("could not stop " + name, e);
    }
  }
}
