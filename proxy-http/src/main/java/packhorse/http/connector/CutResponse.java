package packhorse.http.connector;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import packhorse.http.io.EndPoints;

/// Makes a client notice that its response was cut. In most responses the missing rest tells it:
/// they have a length or chunks, those to HTTP/1.1 with `Connection: close` too. A response to
/// HTTP/1.0 may have neither, and then looks complete if its connection is closed (RFC 9112 §8), so
/// the connection is reset instead. Stateless.
public final class CutResponse {
  private CutResponse() {}

  /// Resets the connection of a request at once if it is of HTTP/1.0. Called on any thread, before
  /// the request ends.
  public static void resetIfCloseDelimited(Request request) {
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (version.compareTo(HttpVersion.HTTP_1_1) >= 0) return;
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (EndPoints.socketOf(endPoint) instanceof LingeringEndPoint socket) socket.resetConnection();
  }
}
