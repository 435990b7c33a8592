package packhorse.it.kit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import packhorse.it.kit.http.RawMessage;

/// A node that follows a script and records every byte that it receives. One virtual thread accepts
/// connections, and another one runs the script for each connection; closing the node ends them
/// all. For any thread.
public final class RecordingNode implements AutoCloseable {
  private final ServerSocket listener;
  private final Script script;
  private final List<RecordedConnection> connections = new CopyOnWriteArrayList<>();
  private final List<Throwable> scriptFailures = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Thread acceptThread;

  /// Decides what the node sends on each connection.
  @FunctionalInterface
  public interface Script {
    /// Serves one connection. The connection is closed when this returns or throws.
    void run(ServerConnection connection) throws IOException, InterruptedException;

    /// Returns a script that responds to each request until the client closes the connection.
    static Script forEachRequest(Responder responder) {
      return connection -> {
        for (var request = connection.readRequest();
            request.isPresent();
            request = connection.readRequest()) {
          responder.respond(request.get(), connection);
        }
      };
    }

    /// Returns a script that responds to each request with the same bytes.
    static Script respondingWith(byte[] response) {
      return forEachRequest((request, connection) -> connection.send(response));
    }
  }

  /// Responds to one request.
  @FunctionalInterface
  public interface Responder {
    void respond(RawMessage request, ServerConnection connection)
        throws IOException, InterruptedException;
  }

  private RecordingNode(Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    this.acceptThread = Thread.ofVirtual().name("recording-node-accept").unstarted(this::accept);
  }

  /// Starts a node on a free port of `127.0.0.1`.
  public static RecordingNode start(Script script) {
    try {
      RecordingNode node = new RecordingNode(script);
      node.acceptThread.start();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Returns `http://127.0.0.1:PORT`.
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /// Returns the connections so far, in the order in which they were accepted.
  public List<RecordedConnection> connections() {
    return List.copyOf(connections);
  }

  /// Returns all bytes that were received on all connections, decoded as ISO-8859-1.
  public String receivedText() {
    return String.join("", connections.stream().map(RecordedConnection::text).toList());
  }

  /// Returns the exceptions that scripts threw, because a request could not be read for example,
  /// and those of sockets that could not be accepted or closed.
  public List<Throwable> scriptFailures() {
    return List.copyOf(scriptFailures);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) socket.close();
      acceptThread.join();
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        RecordedConnection recording = new RecordedConnection();
        connections.add(recording);
        threads.add(
            Thread.ofVirtual().name("recording-node").start(() -> runScript(socket, recording)));
      } catch (IOException e) {
        if (!listener.isClosed()) scriptFailures.add(e);
      }
    }
    closeSockets();
  }

  private void runScript(Socket socket, RecordedConnection recording) {
    try (socket) {
      script.run(new ServerConnection(socket, recording));
    } catch (IOException | RuntimeException e) {
      if (!listener.isClosed()) scriptFailures.add(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      recording.markClosed();
      sockets.remove(socket);
      threads.remove(Thread.currentThread());
    }
  }

  /// Closes connections that were accepted while the node was being closed.
  private void closeSockets() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        scriptFailures.add(e);
      }
    }
  }
}
