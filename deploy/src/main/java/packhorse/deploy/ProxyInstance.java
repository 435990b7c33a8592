package packhorse.deploy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.control.StatusListener;
import packhorse.http.front.HttpFront;
import packhorse.record.AuditLog;
import packhorse.ssh.SshFront;

/// A running proxy: returns the addresses on which it listens and whether it accepts requests, and
/// stops it. Created by [Assembly], and thread-safe once [Assembly#start] has returned it. Stopped
/// by the program or a test.
public final class ProxyInstance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyInstance.class);

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final Map<String, InetSocketAddress> addresses = new HashMap<>();
  private final List<DrainableFront> fronts = new ArrayList<>();
  private final List<IntSupplier> activeRequests = new ArrayList<>();
  private final List<AuditLog> auditLogs = new ArrayList<>();
  private final AtomicBoolean stopping = new AtomicBoolean();

  /// A front that accepts no new requests and lets running ones finish within a limit.
  private interface DrainableFront {
    void drain(Duration limit) throws InterruptedException;
  }

  ProxyInstance() {}

  /// Returns the address on which the listener of this name listens, with its actual port.
  ///
  /// @throws IllegalArgumentException if there is no such listener
  public InetSocketAddress address(String listener) {
    InetSocketAddress address = addresses.get(listener);
    if (address == null) throw new IllegalArgumentException("no listener \"" + listener + "\"");
    return address;
  }

  /// Returns the actual port of the listener of this name.
  ///
  /// @throws IllegalArgumentException if there is no such listener
  public int port(String listener) {
    return address(listener).getPort();
  }

  /// Whether the proxy accepts new requests.
  public boolean ready() {
    return !stopping.get();
  }

  /// Returns the number of requests that are being served, over HTTP and SSH.
  public int activeRequests() {
    return activeRequests.stream().mapToInt(IntSupplier::getAsInt).sum();
  }

  /// Opens the audit file anew at its path, if there is one: a tool may have moved it away.
  public void reopenAuditFile() {
    auditLogs.forEach(AuditLog::reopen);
  }

  /// Stops the proxy: accepts no new requests, lets running ones finish within the limit, closes
  /// the connections of those that did not, and closes all resources. Further calls have no effect
  /// and return immediately, even while the first one is still waiting.
  public void stop(Duration drainLimit) {
    if (stopping.getAndSet(true)) return;
    var threads = fronts.stream().map(front -> startDraining(front, drainLimit)).toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    while (!resources.isEmpty()) close(resources.pop());
  }

  /// Stops at once, without waiting for running requests.
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /// Adds a resource to be closed after the fronts have been drained. The resource that was added
  /// last is closed first.
  <T extends AutoCloseable> T closeOnStop(T resource) {
    resources.push(resource);
    return resource;
  }

  void addFront(SshFront front) {
    addresses.putAll(front.addresses());
    fronts.add(front::close);
    activeRequests.add(front::activeExecs);
  }

  void addFront(HttpFront front) {
    addresses.putAll(front.addresses());
    fronts.add(front::drain);
    activeRequests.add(front::activeRequests);
    closeOnStop(front);
  }

  void addAuditLog(AuditLog auditLog) {
    auditLogs.add(auditLog);
    closeOnStop(auditLog);
  }

  void addStatusListener(String name, StatusListener listener) {
    addresses.put(name, new InetSocketAddress(listener.port()));
    closeOnStop(listener);
  }

  private static Thread startDraining(DrainableFront front, Duration limit) {
    return Thread.ofVirtual().name("draining").start(() -> drain(front, limit));
  }

  private static void drain(DrainableFront front, Duration limit) {
    try {
      front.drain(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("could not close a resource of the stopped proxy");
    }
  }
}
