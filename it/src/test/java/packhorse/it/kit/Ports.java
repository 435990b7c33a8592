package packhorse.it.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives out TCP ports for servers whose port must be known before they start. They lie below the
/// range from which the kernel serves sockets that ask for any port, so that no other process gets
/// one of them between the look whether it is free and the start. For any thread.
public final class Ports {
  private static final int FIRST = 12_000;
  private static final int COUNT = 20_000;

  // each process begins somewhere else
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 131 % COUNT));

  private Ports() {}

  /// A port that nobody listens on, and that this process has not given out lately.
  public static int free() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) return port;
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
