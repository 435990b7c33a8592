package packhorse.ssh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.threads.SshThreadPoolExecutor;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.SessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.memory.ClientMemory;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;
import packhorse.request.AcceptFailures;
import packhorse.ssh.accept.PausingServices;

/// The SSH server of one listener. It offers public-key authentication, exec requests and a
/// greeting in place of a shell; subsystems, forwarding and every other authentication method are
/// refused. It can stop listening while its connections stay open.
final class GitSshServer extends SshServer {
  private static final Logger LOG = LoggerFactory.getLogger(GitSshServer.class);
  private static final int MIN_WINDOW_SIZE = 256 * 1024;
  private static final int MAX_WINDOW_SIZE = 2 * 1024 * 1024;

  /// How many channels the memory of all requests suffices for whose windows are full.
  private static final int FULL_WINDOWS = 64;

  /// How many connections the kernel may complete before they are accepted. With the default of 50,
  /// hundreds of clients at once have to repeat their connection requests. Jetty has the same.
  private static final int BACKLOG = 1024;

  private static final int MAX_AUTHENTICATION_ATTEMPTS = 50;
  private static final Duration CLIENT_CLOSE_TIMEOUT = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private GitSshServer() {}

  /// Returns a server that does not listen yet.
  static GitSshServer create(
      SshSettings.Listener listener,
      SshSettings.ClientTimeouts timeouts,
      UserKeyAuthenticator authenticator,
      ExecFactory execs,
      ClientMemory memory) {
    HostKeyRotation rotation = new HostKeyRotation(listener.hostKeys());
    GitSshServer server =
        (GitSshServer)
            Algorithms.serverBuilder()
                .factory(GitSshServer::new)
                .forwardingFilter(RejectAllForwardingFilter.INSTANCE)
                .globalRequestHandlers(
                    List.of(
                        KeepAliveHandler.INSTANCE,
                        NoMoreSessionsHandler.INSTANCE,
                        rotation,
                        (service, name, reply, buffer) -> RequestHandler.Result.ReplyFailure))
                .channelFactories(
                    List.of(sessionChannels(timeouts, execs, rotation, memory.requests())))
                .channelStreamPacketWriterResolver((channel, command) ->
                    new BoundedWriter(channel, timeouts.client(), ((GitChannel) channel).memory()))
                .build();
    server.setHost(listener.address().getAddress().getHostAddress());
    server.setPort(listener.address().getPort());
    server.setIoServiceFactoryFactory(virtualThreads(listener.name()));
    server.setKeyPairProvider(listener.hostKeys().keyPairProvider());
    server.setPublickeyAuthenticator(authenticator);
    server.setKeyboardInteractiveAuthenticator(null);
    server.setPasswordAuthenticator(null);
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setSubsystemFactories(List.of());
    server.setTimeouts(timeouts);
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    CoreModuleProperties.SOCKET_KEEPALIVE.set(server, true);
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MAX_AUTHENTICATION_ATTEMPTS);
    CoreModuleProperties.SOCKET_BACKLOG.set(server, BACKLOG);
    CoreModuleProperties.WINDOW_SIZE.set(
        server, (long) memory.plan().bufferBytes(FULL_WINDOWS, MIN_WINDOW_SIZE, MAX_WINDOW_SIZE));
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Packhorse");
    return server;
  }

  // The library measures these times with the wall clock, whose steps would end transfers. They are
  // off here; ConnectionMonitor measures them all with a monotonic clock. Only the time of a write
  // to a socket is measured by the JDK, which uses a monotonic clock too.
  private void setTimeouts(SshSettings.ClientTimeouts timeouts) {
    CoreModuleProperties.AUTH_TIMEOUT.set(this, Duration.ZERO);
    CoreModuleProperties.IDLE_TIMEOUT.set(this, Duration.ZERO);
    CoreModuleProperties.REKEY_TIME_LIMIT.set(this, Duration.ZERO);
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(this, FOREVER);
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(this, Duration.ZERO);
    CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(this, timeouts.stall());
  }

  // Handlers on these threads may block: looking up the owner of a key does.
  private static IoServiceFactoryFactory virtualThreads(String listener) {
    return new PausingServices(
        () ->
            new SshThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofVirtual().name("ssh-io-", 0).factory()),
        new AcceptFailures(listener));
  }

  private static ChannelFactory sessionChannels(
      SshSettings.ClientTimeouts timeouts,
      ExecFactory execs,
      HostKeyRotation rotation,
      MemoryBudget memory) {
    return new ChannelFactory() {
      @Override
      public String getName() {
        return "session";
      }

      @Override
      public Channel createChannel(Session session) throws IOException {
        ConnectionActivity activity =
            Objects.requireNonNull(session.getAttribute(ConnectionActivity.ATTRIBUTE));
        if (activity.claimFirstChannel()) rotation.announce(session);
        MemoryShare share = memory.share(ConnectionLimiter.remoteAddress(session));
        return new GitChannel(execs, activity, new ReceiveBuffer(timeouts.client(), share), share);
      }
    };
  }

  @Override
  protected SessionFactory createSessionFactory() {
    return GitSession.factory(this);
  }

  /// Starts listening.
  ///
  /// @return the bound address, with its real port
  InetSocketAddress listen() throws IOException {
    start();
    return (InetSocketAddress) getBoundAddresses().iterator().next();
  }

  /// Stops accepting connections; those that are open stay open.
  void stopListening() {
    if (acceptor != null) acceptor.unbind();
  }

  /// Closes every connection, after a short wait for clients to close theirs. A client closes its
  /// connection when its exec has ended; if the server does so first, the client reports that the
  /// exec failed.
  void closeConnections() {
    try {
      awaitClientsClosing();
      await(close(false));
      await(close(true));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // The library's own wait would follow the wall clock.
  private static void await(CloseFuture closing) throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    closing.addListener(any -> closed.countDown());
    boolean inTime = closed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("connections are closed: {}", inTime);
  }

  private void awaitClientsClosing() throws InterruptedException {
    // There is no acceptor, and the library has no sessions to list, when the server never listened
    // or is already closed.
    List<AbstractSession> sessions = acceptor == null ? List.of() : getActiveSessions();
    CountDownLatch open = new CountDownLatch(sessions.size());
    sessions.forEach(session -> session.addCloseFutureListener(closed -> open.countDown()));
    boolean allClosed = open.await(CLIENT_CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("clients have closed their connections: {}", allClosed);
  }
}
