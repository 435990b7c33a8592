package packhorse.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Ports of the loopback address that nobody had when they were asked for.
record DemoPorts(int http, int ssh, int status) {
  /// Asks the machine for three. Each is free again when this returns, for the listeners.
  static DemoPorts free() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (var http = new ServerSocket(0, 1, loopback);
        var ssh = new ServerSocket(0, 1, loopback);
        var status = new ServerSocket(0, 1, loopback)) {
      return new DemoPorts(http.getLocalPort(), ssh.getLocalPort(), status.getLocalPort());
    }
  }
}
