package packhorse.http.node;

import java.util.Map;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.io.EndPoint;

/// A connection to a node that parses responses with a [StrictHttp1Receiver].
///
/// Uses Jetty's internals, because Jetty has no public API to replace the receiver of an HTTP/1.1
/// client connection: only the connection makes the channel, and only the channel makes the
/// receiver. `JettyInternalsTest` checks what is relied on here.
final class StrictHttp1Connection extends HttpConnectionOverHTTP {
  StrictHttp1Connection(EndPoint endPoint, Map<String, Object> context) {
    super(endPoint, context);
  }

  @Override
  protected HttpChannelOverHTTP newHttpChannel() {
    return new StrictChannel(this);
  }

  private static final class StrictChannel extends HttpChannelOverHTTP {
    StrictChannel(HttpConnectionOverHTTP connection) {
      super(connection);
    }

    @Override
    protected HttpReceiverOverHTTP newHttpReceiver() {
      return new StrictHttp1Receiver(this);
    }

    @Override
    public void receive() {
      // Jetty's constructor makes the receiver, so a field of this class could not hold it.
      StrictHttp1Receiver receiver = (StrictHttp1Receiver) getHttpReceiver();
      receiver.beginReading();
      try {
        super.receive();
      } finally {
        receiver.endReading();
      }
    }
  }
}
