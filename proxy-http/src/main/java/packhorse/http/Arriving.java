package packhorse.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import packhorse.request.Arrival;
import packhorse.request.Arrivals;
import packhorse.request.Front;

/// Tells where a request came in. Called on any thread.
///
/// @param listeners by their names
record Arriving(Map<String, HttpListener> listeners, Arrivals arrivals) {
  Arriving {
    listeners = Map.copyOf(listeners);
  }

  HttpListener listener(Request request) {
    String name = request.getConnectionMetaData().getConnector().getName();
    HttpListener listener = listeners.get(name);
    if (listener == null) throw new IllegalStateException("no listener \"" + name + "\"");
    return listener;
  }

  /// A new arrival.
  Arrival arrival(Request request) {
    HttpListener listener = listener(request);
    InetAddress from =
        request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
            ? socket.getAddress()
            : InetAddress.getLoopbackAddress();
    return arrivals.arrive(listener.name(), Front.HTTP, from, listener.encrypted());
  }
}
