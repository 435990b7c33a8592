package packhorse.http;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/// Jetty's HTTP/1.1, stricter in two points. A connection on which a node sent more than its answer
/// is closed: Jetty drops such bytes and keeps the connection, whose next answer could then be one
/// that nobody asked for. And an answer that is announced again and again (1xx), or that changes
/// the protocol unasked, is none.
final class StrictTransport extends HttpClientTransportOverHTTP {
  private static final int MOST_INTERIM = 16;

  StrictTransport(ClientConnector connector) {
    super(connector);
  }

  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
    return customize(new StrictConnection(endPoint, context), context);
  }

  private static final class StrictConnection extends HttpConnectionOverHTTP {
    StrictConnection(EndPoint endPoint, Map<String, Object> context) {
      super(endPoint, context);
    }

    @Override
    protected HttpChannelOverHTTP newHttpChannel() {
      return new StrictExchanges(this);
    }
  }

  private static final class StrictExchanges extends HttpChannelOverHTTP {
    StrictExchanges(HttpConnectionOverHTTP connection) {
      super(connection);
    }

    @Override
    protected HttpReceiverOverHTTP newHttpReceiver() {
      return new StrictReceiver(this);
    }
  }

  private static final class StrictReceiver extends HttpReceiverOverHTTP {
    private int interim;

    StrictReceiver(HttpChannelOverHTTP exchanges) {
      super(exchanges);
    }

    @Override
    public void startResponse(HttpVersion version, int status, String reason) {
      boolean upgraded = status == HttpStatus.SWITCHING_PROTOCOLS_101;
      interim = HttpStatus.isInterim(status) ? interim + 1 : 0;
      if (upgraded || interim > MOST_INTERIM) {
        String what = "status " + status + " is not due here";
        throw new HttpException.RuntimeException(HttpStatus.BAD_GATEWAY_502, what);
      }
      super.startResponse(version, status, reason);
    }

    @Override
    public boolean messageComplete() {
      var exchange = getHttpExchange();
      ByteBuffer rest = getResponseBuffer();
      if (exchange != null
          && rest.hasRemaining()
          && !HttpStatus.isInterim(exchange.getResponse().getStatus())) {
        // looked at when the exchange ends, and by nobody else: the answer's head has been taken
        // long before
        exchange
            .getResponse()
            .headers(lines -> lines.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
      }
      return super.messageComplete();
    }
  }
}
