package packhorse.deploy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.control.StatusListener;
import packhorse.http.HttpFront;
import packhorse.ssh.SshFront;

/// A proxy that runs. Made by {@link Assembly}; stopped once, by the program or a test.
public final class Running implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Running.class);

  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private final Map<String, InetSocketAddress> addresses = new HashMap<>();
  private final Deque<Stopping> fronts = new ArrayDeque<>();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private interface Stopping {
    void within(Duration drain) throws InterruptedException;
  }

  Running() {}

  /// The address on which the listener of that name really listens.
  public InetSocketAddress address(String listener) {
    InetSocketAddress address = addresses.get(listener);
    if (address == null) throw new IllegalArgumentException("no listener \"" + listener + "\"");
    return address;
  }

  /// The port on which the listener of that name really listens.
  public int port(String listener) {
    return address(listener).getPort();
  }

  /// Whether new work is taken.
  public boolean ready() {
    return !stopping.get();
  }

  /// Takes no new work, lets what runs finish for at most so long, ends the rest, and frees
  /// everything.
  public void stop(Duration drain) {
    if (stopping.getAndSet(true)) return;
    var draining = fronts.stream().map(front -> draining(front, drain)).toList();
    for (Thread thread : draining) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    while (!closing.isEmpty()) close(closing.pop());
  }

  /// Ends at once.
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  <T extends AutoCloseable> T closing(T part) {
    closing.push(part);
    return part;
  }

  void front(SshFront front) {
    addresses.putAll(front.addresses());
    fronts.add(front::close);
  }

  void front(HttpFront front) {
    addresses.putAll(front.addresses());
    fronts.add(front::drain);
    closing(front);
  }

  void status(String name, StatusListener listener) {
    addresses.put(name, new InetSocketAddress(listener.port()));
    closing(listener);
  }

  private static Thread draining(Stopping front, Duration drain) {
    return Thread.ofVirtual().name("draining").start(() -> drain(front, drain));
  }

  private static void drain(Stopping front, Duration drain) {
    try {
      front.within(drain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("stopping");
    }
  }
}
