package packhorse.http.connector;

import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import packhorse.http.io.HttpBufferPool;
import packhorse.http.tls.HandshakeAlerts;
import packhorse.http.tls.ServerTls;

/// Creates the Jetty connector of a listener, which serves HTTP/1.1 and HTTP/2. With TLS, the
/// client selects HTTP/2 by ALPN; without TLS, by prior knowledge.
public final class ConnectorFactory {
  // Sizes in bytes. A head is the request line or status line with the header fields.
  private static final int MAX_REQUEST_HEAD_SIZE = 32 * 1024;
  private static final int MAX_RESPONSE_HEAD_SIZE = 64 * 1024;
  private static final int READ_SIZE = 256 * 1024;
  private static final int HTTP2_CONNECTION_WINDOW = 4 * 1024 * 1024;
  private static final int HTTP2_STREAM_WINDOW = 1024 * 1024;

  private static final int HTTP2_MAX_STREAMS = 128;

  /// The number of connections that the operating system queues before they are accepted.
  private static final int ACCEPT_QUEUE_SIZE = 1024;

  private ConnectorFactory() {}

  /// Creates a connector that has the name of the listener and is not open yet.
  ///
  /// @throws IllegalArgumentException for a certificate or key that cannot be used
  public static ServerConnector create(
      Server server, HttpListener listener, FrontSettings settings, HttpBufferPool buffers) {
    ConnectionFactory[] protocols =
        listener.encrypted() ? tlsProtocols(listener, settings) : cleartextProtocols(settings);
    var connector = new ListenerConnector(server, buffers, listener, protocols);
    connector.setName(listener.name());
    connector.setHost(listener.address().getAddress().getHostAddress());
    connector.setPort(listener.address().getPort());
    connector.setIdleTimeout(settings.idleTimeout().toMillis());
    connector.setReuseAddress(true);
    connector.setAcceptQueueSize(ACCEPT_QUEUE_SIZE);
    return connector;
  }

  private static ConnectionFactory[] cleartextProtocols(FrontSettings settings) {
    HttpConfiguration configuration = configuration(settings);
    return new ConnectionFactory[] {
      http1(configuration),
      configureHttp2(new HTTP2CServerConnectionFactory(configuration), settings)
    };
  }

  private static ConnectionFactory[] tlsProtocols(HttpListener listener, FrontSettings settings) {
    HttpConfiguration configuration = configuration(settings);
    var alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
    alpn.setDefaultProtocol("http/1.1");
    var tls = new SslConnectionFactory(ServerTls.contextFactory(listener.certificates()), "alpn");
    // Jetty's SecureRequestCustomizer would reject a Host that the certificate does not name. It
    // would also write into the TLS session, which SniKeyManager explains and avoids.
    tls.setEnsureSecureRequestCustomizer(false);
    tls.addBean(new HandshakeAlerts());
    return new ConnectionFactory[] {
      tls,
      alpn,
      configureHttp2(new HTTP2ServerConnectionFactory(configuration), settings),
      http1(configuration)
    };
  }

  private static HttpConnectionFactory http1(HttpConfiguration configuration) {
    var http1 = new StrictHttp1Factory(configuration);
    http1.setInputBufferSize(READ_SIZE);
    return http1;
  }

  private static AbstractHTTP2ServerConnectionFactory configureHttp2(
      AbstractHTTP2ServerConnectionFactory http2, FrontSettings settings) {
    http2.setInitialSessionRecvWindow(HTTP2_CONNECTION_WINDOW);
    http2.setInitialStreamRecvWindow(HTTP2_STREAM_WINDOW);
    http2.setFlowControlStrategyFactory(TinyFrameLimit::new);
    http2.setMaxConcurrentStreams(HTTP2_MAX_STREAMS);
    http2.setRateControlFactory(new FrameRateLimits());
    http2.setStreamIdleTimeout(settings.stallTimeout().toMillis());
    return http2;
  }

  private static HttpConfiguration configuration(FrontSettings settings) {
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    // The head of a node's response is relayed unchanged; the proxy's own responses need no date.
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(MAX_REQUEST_HEAD_SIZE);
    configuration.setMaxResponseHeaderSize(MAX_RESPONSE_HEAD_SIZE);
    configuration.setIdleTimeout(settings.stallTimeout().toMillis());
    configuration.setHttpCompliance(HttpCompliance.from("RFC9110,-LF_HEADER_TERMINATION"));
    // Jetty passes on every path unchecked: GitUrl checks it more strictly and reports why it is
    // refused.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setCustomizers(List.of());
    return configuration;
  }
}
