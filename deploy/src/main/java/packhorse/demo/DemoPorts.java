package packhorse.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Three ports of the loopback address that were free when they were chosen.
record DemoPorts(int http, int ssh, int status) {
  /// Chooses three free ports. They are released before this returns, so that the listeners can
  /// bind them.
  static DemoPorts free() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (var http = new ServerSocket(0, 1, loopback);
        var ssh = new ServerSocket(0, 1, loopback);
        var status = new ServerSocket(0, 1, loopback)) {
      return new DemoPorts(http.getLocalPort(), ssh.getLocalPort(), status.getLocalPort());
    }
  }
}
