package packhorse.http.connector;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/// Creates Jetty's HTTP/1.1 connections for clients, which differ in four points:
///
/// - A chunked body that ends between the CR and the LF after a chunk is incomplete, as one that
///   ends anywhere else (RFC 9112 §8). Jetty 12.1.14 reports that end as a bad message and passes
///   on the bytes received so far as if they were the whole body.
/// - The header `Upgrade` is ignored, so that the request is served over HTTP/1.1. RFC 9113 §3.1
///   has made `Upgrade: h2c` obsolete, and curl 7 hangs in many responses after a server has
///   accepted it.
/// - The port of an absolute URL must be written as in a Host header, without leading zeros. Jetty
///   keeps only its number.
/// - A head has at most 256 fields. Jetty limits only its length, and 32 KiB of the shortest fields
///   would take almost a megabyte of objects.
///
/// Uses Jetty's internals, because Jetty has no public API for these: only [HttpConnection] creates
/// the handler of its parser. `JettyInternalsTest` checks what is relied on here.
final class StrictHttp1Factory extends HttpConnectionFactory {
  private static final int MAX_FIELDS = 256;
  private static final Pattern UNUSUAL_PORT =
      Pattern.compile("^[^/?#]*://(\\[[^]]*]|[^/?#:]*):(0|[/?#]|$)");

  StrictHttp1Factory(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new StrictConnection(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class StrictConnection extends HttpConnection {
    StrictConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new StrictRequestHandler();
    }

    private final class StrictRequestHandler extends RequestHandler {
      private boolean headComplete;
      private int fields;

      @Override
      public void messageBegin() {
        headComplete = false;
        fields = 0;
        super.messageBegin();
      }

      @Override
      public void startRequest(String method, String uri, HttpVersion version) {
        if (UNUSUAL_PORT.matcher(uri).find()) {
          throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, "Bad port");
        }
        super.startRequest(method, uri, version);
      }

      @Override
      public void parsedHeader(HttpField field) {
        if (++fields > MAX_FIELDS) {
          throw new HttpException.RuntimeException(
              HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "Too many fields");
        }
        if (field.getHeader() != HttpHeader.UPGRADE) super.parsedHeader(field);
      }

      @Override
      public boolean headerComplete() {
        // A head that is rejected by this call has no body.
        boolean handled = super.headerComplete();
        headComplete = true;
        return handled;
      }

      @Override
      public void badMessage(HttpException failure) {
        if (headComplete) {
          earlyEOF();
        } else {
          super.badMessage(failure);
        }
      }
    }
  }
}
