package packhorse.it.memory;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Connections of an attacker. One that ends is replaced. Closing them waits for their threads.
final class Attackers implements AutoCloseable {
  /// Between two connections of one thread, so that they do not take all of the processor.
  private static final Duration PAUSE = Duration.ofMillis(100);

  /// One connection of an attacker: returns, or throws, when the proxy has ended it.
  interface Connection {
    void run(Set<Socket> open) throws IOException;
  }

  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();
  private volatile boolean stopped;

  private Attackers() {}

  /// Starts this many connections, each on a thread of its own.
  static Attackers start(int count, Connection connection) {
    Attackers attackers = new Attackers();
    for (int i = 0; i < count; i++) {
      attackers.threads.add(Thread.ofVirtual().start(() -> attackers.repeat(connection)));
    }
    return attackers;
  }

  /// Returns the connections of an attack over HTTP/1.1.
  static Connection http(int port, HttpAttack attack) {
    return open -> {
      try (Socket socket = HttpAttack.connect(port)) {
        open.add(socket);
        attack.send(socket.getOutputStream());
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      }
    };
  }

  /// Returns the connections of an attack over HTTP/2.
  static Connection http2(int port) {
    return open -> {
      try (Socket socket = HttpAttack.connect(port)) {
        open.add(socket);
        Http2Attack.run(socket);
      }
    };
  }

  /// How many connections the proxy has ended.
  int ended() {
    return ended.get();
  }

  private void repeat(Connection connection) {
    while (!stopped) {
      try {
        connection.run(sockets);
      } catch (IOException closed) {
        // What the attacker sees does not matter.
      }
      sockets.removeIf(Socket::isClosed);
      ended.incrementAndGet();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        for (Socket socket : sockets) socket.close();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
