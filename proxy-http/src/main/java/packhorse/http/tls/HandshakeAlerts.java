package packhorse.http.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.http.io.EndPoints;

/// Sends the alert that tells a client why its TLS handshake failed (RFC 8446 §6.2), such as
/// `no_application_protocol` (RFC 7301 §3.2). In TLS 1.3 the messages of the server's first flight
/// are before the alert in the engine, and Jetty closes the connection after one record. Called by
/// Jetty when a handshake has failed, on any thread; never blocks.
public final class HandshakeAlerts implements SslHandshakeListener {
  private static final Logger log = LoggerFactory.getLogger(HandshakeAlerts.class);

  /// More records than a flight has, so that a client never keeps the thread.
  private static final int MAX_RECORDS = 16;

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    if (!(EndPoints.socketOf(event.getEndPoint()) instanceof SocketChannelEndPoint socket)) return;
    try {
      sendRecords(event.getSSLEngine(), socket.getChannel());
    } catch (IOException e) {
      // The client has gone, so nobody waits for the alert.
      log.debug("sending the alert of a failed handshake", e);
    }
  }

  private static void sendRecords(SSLEngine engine, SocketChannel socket) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    for (int i = 0; i < MAX_RECORDS; i++) {
      SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), record.clear());
      if (result.bytesProduced() == 0) return;
      socket.write(record.flip());
    }
  }
}
