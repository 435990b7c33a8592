package packhorse.it.kit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Allocates TCP ports for servers whose port must be known before they start. The ports are below
/// the kernel's range of ephemeral ports, so that the kernel gives none of them to another process
/// between the check that it is free and the start of the server. For any thread.
public final class PortAllocator {
  private static final int FIRST_PORT = 12_000;
  private static final int COUNT = 20_000;

  // Processes start at different ports, so that they rarely try the same one.
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 131 % COUNT));

  private PortAllocator() {}

  /// Returns a port that is not in use and that this process has not returned recently.
  public static int allocate() {
    for (int attempt = 0; attempt < COUNT; attempt++) {
      int port = FIRST_PORT + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) return port;
    }
    throw new IllegalStateException(
        "no free port from " + FIRST_PORT + " to " + (FIRST_PORT + COUNT - 1));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }
}
