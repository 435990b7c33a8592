package packhorse.it.kit;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
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

/// A git node without accounts or pages: `git http-backend` behind a CGI runner, HTTP/1.1 and
/// HTTP/2 on one port of loopback, the same encrypted on another if wanted. It writes down what it
/// hears, fails when told to, can be killed in the midst of an answer and come back on the same
/// ports. For any thread.
public final class PlainNode implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(5);

  private final NodeOptions options;
  private final NodeMemory memory = new NodeMemory();
  private Server jetty;
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

  /// Starts a node; it answers when this returns.
  public static PlainNode start(NodeOptions options) {
    return new PlainNode(options);
  }

  /// `http://127.0.0.1:PORT`
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /// The URL of a repository.
  public String url(String name) {
    return url() + "/" + name + ".git";
  }

  /// `https://127.0.0.1:PORT`, if the options have a certificate.
  public String tlsUrl() {
    if (tlsPort < 0) throw new IllegalStateException("this node has no certificate");
    return "https://127.0.0.1:" + tlsPort;
  }

  public int port() {
    return port;
  }

  /// The port of [#tlsUrl()].
  public int tlsPort() {
    return tlsPort;
  }

  /// All requests since the start or since [#forget()], in the order in which they came.
  public List<SeenRequest> requests() {
    return memory.seen();
  }

  /// The requests that `which` likes.
  public List<SeenRequest> requests(Predicate<SeenRequest> which) {
    return requests().stream().filter(which).toList();
  }

  /// Begins a new list of requests and complaints.
  public void forget() {
    memory.forget();
  }

  /// What git wrote to standard error, one entry for each request that made it complain.
  public List<String> complaints() {
    return memory.complaints();
  }

  /// Makes the next request fail.
  public void failNext(Fault fault) {
    fail(1, request -> true, fault);
  }

  /// Makes the next `times` requests that `when` likes fail.
  public void fail(int times, Predicate<SeenRequest> when, Fault fault) {
    memory.plan(new Fault.Planned(times, when, fault));
  }

  /// From now on requests are taken and get no answer, until [#resume()].
  public void pause() {
    memory.pause(true);
  }

  /// Answers those that waited; ends those that hang.
  public void resume() {
    memory.pause(false);
  }

  /// The machine is gone: nothing listens on the ports, connections are closed in the midst of
  /// answers.
  public synchronized void kill() {
    // first, or a connection that comes meanwhile is nobody's
    for (var connector : jetty.getConnectors()) ((ServerConnector) connector).close();
    for (var connector : jetty.getConnectors()) {
      List.copyOf(connector.getConnectedEndPoints()).forEach(EndPoint::close);
    }
    for (var connector : jetty.getConnectors()) ((KillableConnector) connector).kill();
    memory.killAll();
    memory.pause(false);
    stop(jetty);
  }

  /// The machine is back, on the same ports.
  public synchronized void restart() {
    if (jetty.isRunning()) kill();
    jetty = listen(port, Math.max(0, tlsPort));
  }

  @Override
  public void close() {
    kill();
  }

  private Server listen(int plain, int encrypted) {
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
        on(
            new KillableConnector(
                server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)),
            plain));
    options
        .certificate()
        .ifPresent(own -> server.addConnector(on(encrypted(server, http, own), encrypted)));
    server.setHandler(new GitHandler(options, memory));
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException("starting a node", e);
    }
    return server;
  }

  private static ServerConnector on(ServerConnector connector, int wanted) {
    connector.setHost("127.0.0.1");
    connector.setPort(wanted);
    connector.setIdleTimeout(IDLE.toMillis());
    return connector;
  }

  private static ServerConnector encrypted(Server server, HttpConfiguration http, SelfSigned own) {
    var https = new HttpConfiguration(http);
    https.addCustomizer(new SecureRequestCustomizer(false));
    var tls = new SslContextFactory.Server();
    tls.setKeyStore(own.keyStore());
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
