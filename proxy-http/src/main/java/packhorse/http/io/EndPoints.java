package packhorse.http.io;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.io.EndPoint;

/// What Jetty's end points do not tell directly. Stateless.
public final class EndPoints {
  private EndPoints() {}

  /// Returns the end point of the socket itself, without layers such as TLS.
  public static EndPoint socketOf(EndPoint endPoint) {
    EndPoint socket = endPoint;
    while (socket instanceof EndPoint.Wrapper wrapper) socket = wrapper.unwrap();
    return socket;
  }

  /// Returns the IP address of a client; the loopback address if its socket has none.
  public static InetAddress ipAddress(SocketAddress client) {
    return client instanceof InetSocketAddress socket
        ? socket.getAddress()
        : InetAddress.getLoopbackAddress();
  }
}
