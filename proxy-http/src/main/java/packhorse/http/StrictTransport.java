package packhorse.http;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/// Jetty's HTTP/1.1, stricter in three points, and with one repair. A connection on which a node
/// sent more than its answer is closed: Jetty drops such bytes and keeps the connection, whose next
/// answer could then be one that nobody asked for. An answer that is announced again and again
/// (1xx), or that changes the protocol unasked, is none. And a head that two programs could read
/// differently is none, or the last of its connection ({@link NodeHead}). The repair: an answer
/// that is given up gives back the buffer in which bytes of it were still to be read, which Jetty
/// 12.1.14 forgets.
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

    @Override
    public void receive() {
      // Jetty asks for the receiver before this class is made, so it cannot be kept here
      StrictReceiver receiver = (StrictReceiver) getHttpReceiver();
      receiver.reading.enter();
      try {
        super.receive();
      } finally {
        receiver.reading.leave();
      }
    }
  }

  private static final class StrictReceiver extends HttpReceiverOverHTTP {
    private final NodeHead head = new NodeHead();
    private final Occupancy reading = new Occupancy(this::forgetUnread);
    private int interim;
    private HttpVersion version = HttpVersion.HTTP_1_1;

    StrictReceiver(HttpChannelOverHTTP exchanges) {
      super(exchanges);
    }

    @Override
    public Content.@Nullable Chunk read(boolean fillInterestIfNeeded) {
      reading.enter();
      try {
        return super.read(fillInterestIfNeeded);
      } finally {
        reading.leave();
      }
    }

    @Override
    protected void dispose() {
      super.dispose();
      reading.close();
    }

    private void forgetUnread() {
      ByteBuffer unread = getResponseBuffer();
      if (unread == null) return;
      BufferUtil.clear(unread);
      // what it gives is for another protocol, of which there is none: but it releases the buffer
      onUpgradeFrom();
    }

    @Override
    public void startResponse(HttpVersion version, int status, String reason) {
      boolean upgraded = status == HttpStatus.SWITCHING_PROTOCOLS_101;
      interim = HttpStatus.isInterim(status) ? interim + 1 : 0;
      if (upgraded || interim > MOST_INTERIM) throw none("status " + status + " is not due here");
      this.version = version;
      super.startResponse(version, status, reason);
    }

    @Override
    public void parsedHeader(HttpField field) {
      head.field();
      super.parsedHeader(field);
    }

    /// Jetty asks between each piece that it has read and the next.
    @Override
    protected boolean isShutdown() {
      ByteBuffer read = getResponseBuffer();
      if (read != null) head.keep(read);
      return super.isShutdown();
    }

    @Override
    public boolean headerComplete() {
      var exchange = getHttpExchange();
      if (exchange != null) check(exchange.getResponse());
      return super.headerComplete();
    }

    private void check(HttpResponse response) {
      HttpFields lines = response.getHeaders();
      List<String> codings = lines.getValuesList(HttpHeader.TRANSFER_ENCODING);
      boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
      boolean old = version.compareTo(HttpVersion.HTTP_1_1) < 0;
      if (!codings.isEmpty() && (old || !chunked)) throw none("a Transfer-Encoding not understood");
      boolean framed = !codings.isEmpty() || lines.contains(HttpHeader.CONTENT_LENGTH);
      switch (head.read(getResponseBuffer())) {
        case STRICT -> {
          boolean bodyless = response.getStatus() == HttpStatus.NO_CONTENT_204;
          // what it announces could still come
          if (bodyless && framed) last(response);
        }
        case FORBIDDEN -> throw none("a folded header");
        case LOOSE -> {
          if (framed) throw none("line ends without CR in a head that frames a body");
          response.headers(fields -> unfold(fields, head.challenges()));
          last(response);
        }
        case UNLIKE -> last(response);
      }
    }

    private static void unfold(HttpFields.Mutable fields, List<String> challenges) {
      Iterator<String> values = challenges.iterator();
      for (var field = fields.listIterator(); field.hasNext(); ) {
        HttpField challenge = field.next();
        if (challenge.getHeader() == HttpHeader.WWW_AUTHENTICATE && values.hasNext()) {
          field.set(new HttpField(challenge.getHeader(), challenge.getName(), values.next()));
        }
      }
    }

    private static HttpException.RuntimeException none(String what) {
      return new HttpException.RuntimeException(HttpStatus.BAD_GATEWAY_502, what);
    }

    // looked at when the exchange ends, and by nobody else that matters: the line is not relayed
    private static void last(HttpResponse response) {
      response.headers(lines -> lines.add(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
    }

    @Override
    public boolean messageComplete() {
      var exchange = getHttpExchange();
      ByteBuffer rest = getResponseBuffer();
      if (exchange != null
          && rest.hasRemaining()
          && !HttpStatus.isInterim(exchange.getResponse().getStatus())) {
        last(exchange.getResponse());
      }
      head.next(rest);
      return super.messageComplete();
    }
  }
}
