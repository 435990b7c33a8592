package packhorse.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import packhorse.it.kit.RawClient;

/// Clients that ask the same again and again until they are closed.
final class Askers implements AutoCloseable {
  private final int port;
  private final String request;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile boolean over;

  Askers(int port, String request) {
    this.port = port;
    this.request = request;
  }

  void start(int count) {
    for (int i = 0; i < count; i++) threads.add(Thread.ofPlatform().start(this::ask));
  }

  private void ask() {
    try (RawClient client = RawClient.connect(port)) {
      while (!over) {
        client.send(request);
        if (client.answer().orElseThrow().status() == 200) answers.incrementAndGet();
      }
    }
  }

  /// How many answers have come.
  int answers() {
    return answers.get();
  }

  @Override
  public void close() {
    over = true;
    try {
      for (Thread thread : threads) thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while clients end", e);
    }
  }
}
