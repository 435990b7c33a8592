package packhorse.http;

import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

/// Makes Jetty's connector for a listener: HTTP/1.1 and HTTP/2, in clear (prior knowledge or
/// upgrade) or over TLS (ALPN).
final class Connectors {
  private static final int HEAD = 32 * 1024;
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int READ = 256 * 1024;
  private static final int SESSION_WINDOW = 4 * 1024 * 1024;
  private static final int STREAM_WINDOW = 1024 * 1024;
  private static final int STREAMS = 128;

  private Connectors() {}

  static ServerConnector connector(
      Server server, HttpListener listener, FrontSettings settings, ByteBufferPool buffers) {
    HttpConfiguration configuration = configuration(settings);
    ServerConnector connector =
        listener.encrypted()
            ? encrypted(server, listener, configuration, settings, buffers)
            : clear(server, listener, configuration, settings, buffers);
    connector.setName(listener.name());
    connector.setHost(listener.address().getAddress().getHostAddress());
    connector.setPort(listener.address().getPort());
    connector.setIdleTimeout(settings.idle().toMillis());
    connector.setReuseAddress(true);
    connector.setAcceptQueueSize(1024);
    return connector;
  }

  private static ServerConnector clear(
      Server server,
      HttpListener listener,
      HttpConfiguration configuration,
      FrontSettings settings,
      ByteBufferPool buffers) {
    return new GuardedConnector(
        server,
        buffers,
        listener.allowed(),
        http1(configuration),
        http2(new CleartextHttp2(configuration), settings));
  }

  private static ServerConnector encrypted(
      Server server,
      HttpListener listener,
      HttpConfiguration configuration,
      FrontSettings settings,
      ByteBufferPool buffers) {
    var negotiated = new ALPNServerConnectionFactory("h2", "http/1.1");
    negotiated.setDefaultProtocol("http/1.1");
    var tls = new SslConnectionFactory(Tls.server(listener.identities()), "alpn");
    // which would refuse a Host that the certificate does not name, and write into the session
    tls.setEnsureSecureRequestCustomizer(false);
    return new GuardedConnector(
        server,
        buffers,
        listener.allowed(),
        tls,
        negotiated,
        http2(new HTTP2ServerConnectionFactory(configuration), settings),
        http1(configuration));
  }

  private static HttpConnectionFactory http1(HttpConfiguration configuration) {
    var http1 = new StrictHttp1(configuration);
    http1.setInputBufferSize(READ);
    return http1;
  }

  private static AbstractHTTP2ServerConnectionFactory http2(
      AbstractHTTP2ServerConnectionFactory http2, FrontSettings settings) {
    http2.setInitialSessionRecvWindow(SESSION_WINDOW);
    http2.setInitialStreamRecvWindow(STREAM_WINDOW);
    http2.setMaxConcurrentStreams(STREAMS);
    http2.setRateControlFactory(new FrameRates());
    http2.setStreamIdleTimeout(settings.stall().toMillis());
    return http2;
  }

  private static HttpConfiguration configuration(FrontSettings settings) {
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    // a node's answer passes as it is; ours need no date
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(HEAD);
    configuration.setMaxResponseHeaderSize(LONGEST_HEAD);
    configuration.setIdleTimeout(settings.stall().toMillis());
    configuration.setHttpCompliance(HttpCompliance.from("RFC9110,-LF_HEADER_TERMINATION"));
    // every path is read by GitUrl, which refuses more, and says why
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setCustomizers(List.of());
    return configuration;
  }
}
