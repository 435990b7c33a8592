package packhorse.http.connector;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import packhorse.http.io.EndPoints;

/// Tells whether the client of one request has left while the proxy waits for a node. Over HTTP/2,
/// Jetty reads all the time, and reports a stream that was reset and a connection that was closed.
/// Over HTTP/1 it does not read while it handles a request, so the connection is looked at. A
/// client that closes its side only is taken to have left, because the clients of git never do
/// that. Used by the request's thread; Jetty reports on its own threads.
public final class ClientPresence {
  private final Request request;
  private volatile boolean failed;

  public ClientPresence(Request request) {
    this.request = request;
    request.addFailureListener(failure -> failed = true);
  }

  /// Whether the client has left. Called only after the body of the request was read to its end.
  public boolean hasLeft() {
    return failed || isConnectionClosed();
  }

  private boolean isConnectionClosed() {
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (version.compareTo(HttpVersion.HTTP_1_1) > 0) return false;
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    return EndPoints.socketOf(endPoint) instanceof LingeringEndPoint socket
        && socket.isClosedByClient();
  }
}
