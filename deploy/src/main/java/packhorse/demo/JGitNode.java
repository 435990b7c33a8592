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

/// A node of kind `plain` in this process: smart HTTP, protocol v0 and v2, on a free port of the
/// loopback address, served by JGit from a folder of bare repositories. Everybody may read and
/// write.
///
/// Several nodes may share a folder. Started by the demo and by tests; any thread may close it.
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
  /// @param name what the operator calls it
  /// @param repositories the folder in which `acme/app.git` is repository `acme/app`
  /// @param answered told of each fetch that was packed and each push that was taken, on the thread
  ///   of the request, before the client has the last of its answer
  /// @throws IllegalStateException when no port can be listened on
  public static JGitNode start(String name, Path repositories, Consumer<NodeAnswer> answered) {
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
    server.setHandler(new GitRequests(name, repositories, answered));
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("starting " + name, e);
    }
    return new JGitNode(name, server, connector);
  }

  public String name() {
    return name;
  }

  /// Where it listens: `http://127.0.0.1:PORT`.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  /// Stops listening and cuts what is running.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("stopping " + name, e);
    }
  }
}
