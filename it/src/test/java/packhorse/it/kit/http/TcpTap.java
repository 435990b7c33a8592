package packhorse.it.kit.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import packhorse.it.kit.process.Await;

/// Forwards TCP connections and records all their bytes, between a client and the server that it is
/// meant for. One virtual thread copies each direction of a connection. For any thread.
public final class TcpTap implements AutoCloseable {
  private final ServerSocket listener;
  private final AtomicInteger target = new AtomicInteger();
  private final AtomicLong nextSequenceNumber = new AtomicLong();
  private final List<TappedConnection> connections = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /// The number of bytes that were forwarded.
  ///
  /// @param fromClient bytes that the client sent
  /// @param toClient bytes that the client received
  public record ByteCount(long fromClient, long toClient) {
    public long total() {
      return fromClient + toClient;
    }
  }

  private interface Recorder {
    void record(byte[] bytes, int count);
  }

  private TcpTap() throws IOException {
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    run(this::accept);
  }

  /// Opens a tap that has no server yet.
  public static TcpTap open() {
    try {
      return new TcpTap();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Forwards new connections to a port of the loopback address, and clears what was recorded.
  public void forwardTo(int port) {
    target.set(port);
    clear();
  }

  /// Clears what was recorded.
  public void clear() {
    connections.forEach(TappedConnection::clear);
  }

  /// Returns the number of bytes that were recorded, of all connections together.
  public ByteCount byteCount() {
    long fromClient = connections.stream().mapToLong(TappedConnection::bytesFromClient).sum();
    return new ByteCount(
        fromClient, connections.stream().mapToLong(TappedConnection::bytesToClient).sum());
  }

  /// Returns the HTTP/1.1 requests that were forwarded with their responses, in the order in which
  /// the requests began. Waits until the responses are complete.
  public List<TappedConnection.Exchange> exchanges() {
    Await.until(
        "complete responses", () -> connections.stream().allMatch(c -> c.exchanges().isPresent()));
    return connections.stream()
        .flatMap(c -> c.exchanges().orElseThrow().stream())
        .sorted(Comparator.comparingLong(TappedConnection.Exchange::sequenceNumber))
        .toList();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target.get());
        sockets.add(client);
        sockets.add(server);
        TappedConnection connection = new TappedConnection(nextSequenceNumber::getAndIncrement);
        connections.add(connection);
        run(() -> copy(client, server, connection::recordFromClient));
        run(() -> copy(server, client, connection::recordToClient));
      } catch (IOException e) {
        if (!listener.isClosed()) throw new UncheckedIOException(e);
      }
    }
  }

  private void run(Runnable task) {
    threads.add(Thread.ofVirtual().name("tap").start(task));
  }

  private static void copy(Socket from, Socket to, Recorder recorder) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[32 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        // Recorded before it is written, so that it is here when the receiver has read it.
        recorder.record(buffer, n);
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException closed) {
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      sockets.forEach(TcpTap::close);
      for (Thread thread : threads) thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
