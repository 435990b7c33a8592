package packhorse.http.node;

import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/// Jetty's HTTP/1.1 client transport with three stricter rules and one repair.
///
/// - A connection on which a node sent more than its response is closed. Jetty discards such bytes
///   and keeps the connection, whose next response could then be one that nobody requested.
/// - A flood of interim responses (1xx) and an unrequested change of the protocol are errors.
/// - A response head that two programs could read differently is an error or the last one on its
///   connection, see [ResponseHeadValidator].
/// - Repair: an aborted response releases the buffer that holds its unread bytes, which Jetty
///   12.1.14 forgets to do.
final class StrictHttp1Transport extends HttpClientTransportOverHTTP {
  StrictHttp1Transport(ClientConnector connector) {
    super(connector);
  }

  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
    return customize(new StrictHttp1Connection(endPoint, context), context);
  }
}
