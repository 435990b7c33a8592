package packhorse.it.kit.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.process.Await;

/// A git node without accounts or web pages: `git http-backend` as a CGI program, with HTTP/1.1 on
/// a port of the loopback address, and optionally HTTPS with HTTP/1.1 and HTTP/2 on another one. It
/// records its requests, fails those for which a test plans a fault, and can be killed during a
/// response and restarted on the same ports. For any thread.
public final class PlainNode implements AutoCloseable {
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private final NodeOptions options;
  private final PlainNodeState state = new PlainNodeState();
  private Server jetty;
  // Bound to the ports of a node that is killed, so that no other server takes them meanwhile.
  private final List<SocketChannel> reservedPorts = new ArrayList<>();
  private final int port;
  private final int tlsPort;

  private PlainNode(NodeOptions options) {
    this.options = options;
    jetty = listen(0, 0);
    port = ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
    tlsPort =
        jetty.getConnectors().length > 1
            ? ((ServerConnector) jetty.getConnectors()[1]).getLocalPort()
            : -1;
  }

  /// Starts a node. It accepts requests when this returns.
  public static PlainNode start(NodeOptions options) {
    return new PlainNode(options);
  }

  /// Returns `http://127.0.0.1:PORT`.
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Returns the URL of a repository.
  public String url(String name) {
    return url() + "/" + name + ".git";
  }

  /// Returns `https://127.0.0.1:PORT`.
  ///
  /// @throws IllegalStateException if the options have no certificate
  public String tlsUrl() {
    if (tlsPort < 0) throw new IllegalStateException("this node has no certificate");
    return "https://127.0.0.1:" + tlsPort;
  }

  /// Returns the port of [#url()].
  public int port() {
    return port;
  }

  /// Returns the port of [#tlsUrl()], or -1.
  public int tlsPort() {
    return tlsPort;
  }

  /// Returns the requests since the start or since [#clearRequests()], in the order in which they
  /// arrived.
  public List<RecordedRequest> requests() {
    return state.requests();
  }

  /// Returns the requests since the start or since [#clearRequests()] that fulfil a condition.
  public List<RecordedRequest> requests(Predicate<RecordedRequest> condition) {
    return requests().stream().filter(condition).toList();
  }

  /// Clears the recorded requests and the recorded output of git.
  public void clearRequests() {
    state.clear();
  }

  /// Returns what git has written to standard error: one entry for each request for which there was
  /// any.
  public List<String> gitErrors() {
    return state.gitErrors();
  }

  /// Plans a fault for the next request.
  public void failNext(Fault fault) {
    fail(1, request -> true, fault);
  }

  /// Plans a fault for the next `times` requests that fulfil a condition.
  public void fail(int times, Predicate<RecordedRequest> condition, Fault fault) {
    state.addFault(new Fault.PlannedFault(times, condition, fault));
  }

  /// Accepts requests without responding to them, and neither reads nor sends more of those that
  /// are in progress, until [#resume()].
  public void pause() {
    state.setPaused(true);
  }

  /// Responds to the requests that waited, and ends the faults that hang or delay.
  public void resume() {
    state.setPaused(false);
  }

  /// Returns whether the node is neither killed nor paused.
  public synchronized boolean isServing() {
    return jetty.isRunning() && !state.isPaused();
  }

  /// Kills the node as if its machine had failed: nothing listens on its ports, and connections are
  /// closed even during a response.
  public synchronized void kill() {
    // The listeners first, because a connection that is accepted meanwhile would stay open.
    for (var connector : jetty.getConnectors()) ((ServerConnector) connector).close();
    for (var connector : jetty.getConnectors()) {
      List.copyOf(connector.getConnectedEndPoints()).forEach(EndPoint::close);
    }
    for (var connector : jetty.getConnectors()) ((KillableConnector) connector).kill();
    state.killAll();
    state.setPaused(false);
    boolean wasRunning = jetty.isRunning();
    stop(jetty);
    if (wasRunning) reservePorts();
  }

  private void reservePorts() {
    // A connection that is being closed may still be bound to the port.
    Await.until("the port is free", () -> reserve(port));
    if (tlsPort > 0) Await.until("the port is free", () -> reserve(tlsPort));
  }

  private boolean reserve(int reserved) {
    try {
      // It does not listen, so connections are refused.
      SocketChannel channel = SocketChannel.open();
      try {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), reserved));
      } catch (BindException inUse) {
        channel.close();
        return false;
      }
      return reservedPorts.add(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void releasePorts() {
    try {
      for (SocketChannel channel : reservedPorts) channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reservedPorts.clear();
  }

  /// Starts the node again, on the same ports.
  public synchronized void restart() {
    if (jetty.isRunning()) kill();
    releasePorts();
    jetty = listen(port, Math.max(0, tlsPort));
  }

  @Override
  public synchronized void close() {
    kill();
    releasePorts();
  }

  private Server listen(int httpPort, int httpsPort) {
    var threads = new QueuedThreadPool(16);
    threads.setName("plain-node");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(new VirtualThreadPool());
    Server server =
        new Server(threads, new ScheduledExecutorScheduler("plain-node-timer", true), null);
    server.setStopTimeout(0);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    server.addConnector(
        configure(new KillableConnector(server, new HttpConnectionFactory(http)), httpPort));
    options
        .certificate()
        .ifPresent(certificate ->
            server.addConnector(configure(tlsConnector(server, http, certificate), httpsPort)));
    server.setHandler(new HttpBackendHandler(options, state));
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException("starting a node", e);
    }
    return server;
  }

  private static ServerConnector configure(ServerConnector connector, int port) {
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    return connector;
  }

  private static ServerConnector tlsConnector(
      Server server, HttpConfiguration http, SelfSignedCertificate certificate) {
    var https = new HttpConfiguration(http);
    https.addCustomizer(new SecureRequestCustomizer(false));
    var tls = new SslContextFactory.Server();
    tls.setKeyStore(certificate.keyStore());
    tls.setKeyStorePassword("");
    var alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol("http/1.1");
    var protocols =
        AbstractConnectionFactory.getFactories(
            tls, alpn, new HTTP2ServerConnectionFactory(https), new HttpConnectionFactory(https));
    return new KillableConnector(server, protocols);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("stopping a node", e);
    }
  }
}
