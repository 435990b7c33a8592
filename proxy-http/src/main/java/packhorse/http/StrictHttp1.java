package packhorse.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/// Jetty's HTTP/1.1 for clients, stricter in one point: a chunked body that breaks off between the
/// CR and the LF after a chunk is cut, as anywhere else (RFC 9112 §8). Jetty 12.1.14 reports that
/// end as a bad message and gives what came for the whole body.
final class StrictHttp1 extends HttpConnectionFactory {
  StrictHttp1(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new Strict(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class Strict extends HttpConnection {
    Strict(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new Bodies();
    }

    private final class Bodies extends RequestHandler {
      private boolean body;

      @Override
      public void messageBegin() {
        body = false;
        super.messageBegin();
      }

      @Override
      public boolean headerComplete() {
        // a head that is refused here has no body
        boolean handled = super.headerComplete();
        body = true;
        return handled;
      }

      @Override
      public void badMessage(HttpException failure) {
        if (body) {
          earlyEOF();
        } else {
          super.badMessage(failure);
        }
      }
    }
  }
}
