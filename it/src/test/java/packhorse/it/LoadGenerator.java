package packhorse.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import packhorse.it.kit.http.RawClient;

/// Clients that repeat one request until they are closed. For one thread.
final class LoadGenerator implements AutoCloseable {
  private final int port;
  private final String request;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger responseCount = new AtomicInteger();
  private volatile boolean closed;

  LoadGenerator(int port, String request) {
    this.port = port;
    this.request = request;
  }

  /// Starts this many clients, each on its own connection and thread.
  void start(int count) {
    for (int i = 0; i < count; i++) threads.add(Thread.ofPlatform().start(this::sendRequests));
  }

  private void sendRequests() {
    try (RawClient client = RawClient.connect(port)) {
      while (!closed) {
        client.send(request);
        if (client.readResponse().orElseThrow().status() == 200) responseCount.incrementAndGet();
      }
    }
  }

  /// Returns the number of responses with status 200 so far.
  int responseCount() {
    return responseCount.get();
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the clients", e);
    }
  }
}
