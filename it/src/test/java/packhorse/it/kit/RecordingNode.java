package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A node that answers as told and writes down every byte that it hears. One virtual thread
/// accepts, one more plays the script for each connection; closing the node ends them all. For any
/// thread.
public final class RecordingNode implements AutoCloseable {
  private final ServerSocket listener;
  private final Script script;
  private final List<Heard> connections = new CopyOnWriteArrayList<>();
  private final List<Throwable> mistakes = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Thread accepting;

  /// What the node does on each connection.
  @FunctionalInterface
  public interface Script {
    /// Plays one connection to its end; the connection is closed when this returns. An exception of
    /// reading or writing ends the connection too.
    void play(Line line) throws IOException, InterruptedException;

    /// Answers each whole request in this way until the peer closes.
    static Script forEach(Answering answering) {
      return line -> {
        for (var request = line.request(); request.isPresent(); request = line.request()) {
          answering.answer(request.get(), line);
        }
      };
    }

    /// Answers each whole request with the same bytes.
    static Script always(byte[] answer) {
      return forEach((request, line) -> line.send(answer));
    }
  }

  /// How one request is answered.
  @FunctionalInterface
  public interface Answering {
    void answer(RawMessage request, Line line) throws IOException, InterruptedException;
  }

  private RecordingNode(Script script) throws IOException {
    this.script = script;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    this.accepting = Thread.ofVirtual().name("recording-node-accept").unstarted(this::accept);
  }

  /// Starts a node on a free port of `127.0.0.1`.
  public static RecordingNode start(Script script) {
    try {
      RecordingNode node = new RecordingNode(script);
      node.accepting.start();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// `http://127.0.0.1:PORT`
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /// The connections so far, in their order.
  public List<Heard> connections() {
    return List.copyOf(connections);
  }

  /// All that was heard on all connections, as ISO-8859-1.
  public String text() {
    return String.join("", connections.stream().map(Heard::text).toList());
  }

  /// What went wrong in scripts: messages that could not be read, for example.
  public List<Throwable> mistakes() {
    return List.copyOf(mistakes);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) socket.close();
      accepting.join();
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
        open.add(socket);
        Heard heard = new Heard();
        connections.add(heard);
        threads.add(Thread.ofVirtual().name("recording-node").start(() -> play(socket, heard)));
      } catch (IOException e) {
        if (!listener.isClosed()) mistakes.add(e);
      }
    }
    closeAll();
  }

  private void play(Socket socket, Heard heard) {
    try (socket) {
      script.play(new Line(socket, heard));
    } catch (IOException | RuntimeException e) {
      if (!listener.isClosed()) mistakes.add(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      heard.end();
      open.remove(socket);
      threads.remove(Thread.currentThread());
    }
  }

  /// A connection may have been accepted while the node was being closed.
  private void closeAll() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        mistakes.add(e);
      }
    }
  }
}
