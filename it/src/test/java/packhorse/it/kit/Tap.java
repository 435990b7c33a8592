package packhorse.it.kit;

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

/// A wire that keeps and counts what goes through it, put between a client and where it wants to
/// go. One virtual thread for each direction of a connection. For any thread.
public final class Tap implements AutoCloseable {
  private final ServerSocket listener;
  private final AtomicInteger target = new AtomicInteger();
  private final AtomicLong turn = new AtomicLong();
  private final List<TapWire> wires = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  /// What went through.
  ///
  /// @param up bytes from the client
  /// @param down bytes to the client
  public record Count(long up, long down) {
    public long both() {
      return up + down;
    }
  }

  private interface Keeping {
    void keep(byte[] piece, int count);
  }

  private Tap() throws IOException {
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    run(this::accept);
  }

  /// A wire that leads nowhere yet.
  public static Tap open() {
    try {
      return new Tap();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Leads new connections to a port of loopback, and counts from zero.
  public void leadTo(int port) {
    target.set(port);
    forget();
  }

  /// Counts from zero.
  public void forget() {
    wires.forEach(TapWire::forget);
  }

  public Count count() {
    long up = wires.stream().mapToLong(TapWire::up).sum();
    return new Count(up, wires.stream().mapToLong(TapWire::down).sum());
  }

  /// The requests that went through and their answers, in the order in which they were begun, where
  /// they are HTTP/1.1. Waits for the ends of answers.
  public List<TapWire.Exchange> exchanges() {
    Await.until(
        "whole answers", () -> wires.stream().allMatch(wire -> wire.exchanges().isPresent()));
    return wires.stream()
        .flatMap(wire -> wire.exchanges().orElseThrow().stream())
        .sorted(Comparator.comparingLong(TapWire.Exchange::begun))
        .toList();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target.get());
        open.add(client);
        open.add(there);
        TapWire wire = new TapWire(turn::getAndIncrement);
        wires.add(wire);
        run(() -> copy(client, there, wire::keepUp));
        run(() -> copy(there, client, wire::keepDown));
      } catch (IOException e) {
        if (!listener.isClosed()) throw new UncheckedIOException(e);
      }
    }
  }

  private void run(Runnable work) {
    threads.add(Thread.ofVirtual().name("tap").start(work));
  }

  private static void copy(Socket from, Socket to, Keeping keeping) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[32 * 1024];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        // kept before anybody can have read it
        keeping.keep(piece, n);
        out.write(piece, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException gone) {
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
      open.forEach(Tap::close);
      for (Thread thread : threads) thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
