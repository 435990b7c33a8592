package packhorse.http.front;

import java.net.InetAddress;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import packhorse.http.connector.HttpListener;
import packhorse.http.io.EndPoints;
import packhorse.request.Arrival;
import packhorse.request.ArrivalFactory;
import packhorse.request.Front;

/// Finds the listener that received a request and creates the request's arrival. Used on any
/// thread.
///
/// @param listeners by their names
record ListenerRegistry(Map<String, HttpListener> listeners, ArrivalFactory arrivals) {
  ListenerRegistry {
    listeners = Map.copyOf(listeners);
  }

  HttpListener listenerOf(Request request) {
    String name = request.getConnectionMetaData().getConnector().getName();
    HttpListener listener = listeners.get(name);
    if (listener == null) throw new IllegalStateException("no listener \"" + name + "\"");
    return listener;
  }

  Arrival newArrival(Request request) {
    HttpListener listener = listenerOf(request);
    InetAddress clientAddress =
        EndPoints.ipAddress(request.getConnectionMetaData().getRemoteSocketAddress());
    return arrivals.create(listener.name(), Front.HTTP, clientAddress, listener.encrypted());
  }
}
