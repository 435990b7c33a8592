package packhorse.ssh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import packhorse.Pipeline;
import packhorse.memory.ClientMemory;
import packhorse.request.ArrivalFactory;
import packhorse.request.BindFailedException;

/// The SSH front: accepts connections, authenticates users by their public keys, and turns every
/// exec request into a request to the pipeline. Opened by `Assembly`, closed by it once; safe on
/// any thread.
///
/// MINA SSHD logs the mistakes of clients as warnings and errors of its own: keep its loggers, see
/// [#libraryLoggers], off unless the library itself is suspected.
public final class SshFront implements AutoCloseable {
  private static final String STOPPED = "the proxy stopped and closed the connection";

  private final ActiveExecs activeExecs = new ActiveExecs();
  private final List<GitSshServer> servers = new ArrayList<>();
  private final Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
  private final ConnectionLimiter limiter;
  private final ConnectionMonitor monitor;

  private SshFront(
      SshSettings settings, Pipeline pipeline, ArrivalFactory arrivals, ClientMemory memory) {
    limiter =
        new ConnectionLimiter(settings.maxConnections(), System::nanoTime, memory.connections());
    for (SshSettings.Listener listener : settings.listeners()) {
      UserKeyAuthenticator authenticator =
          new UserKeyAuthenticator(listener.name(), pipeline, arrivals);
      ExecFactory execs = new ExecFactory(listener.name(), pipeline, arrivals, activeExecs);
      GitSshServer server =
          GitSshServer.create(listener, settings.timeouts(), authenticator, execs, memory);
      server.addSessionListener(addressFilter(listener));
      server.addSessionListener(limiter);
      server.addSessionListener(authenticator);
      servers.add(server);
    }
    monitor = new ConnectionMonitor(limiter, settings.timeouts());
  }

  /// Opens all listeners, or none.
  ///
  /// @throws BindFailedException when a listener's address cannot be bound
  public static SshFront open(
      SshSettings settings, Pipeline pipeline, ArrivalFactory arrivals, ClientMemory memory)
      throws BindFailedException {
    SshFront front = new SshFront(settings, pipeline, arrivals, memory);
    for (int i = 0; i < front.servers.size(); i++) {
      SshSettings.Listener listener = settings.listeners().get(i);
      try {
        front.addresses.put(listener.name(), front.servers.get(i).listen());
      } catch (IOException e) {
        front.close();
        throw new BindFailedException(listener.name(), listener.address(), e);
      }
    }
    return front;
  }

  /// Returns the names of the loggers to which MINA SSHD writes: its own, and those that it derives
  /// from the names of our classes which extend its classes.
  public static List<String> libraryLoggers() {
    return List.of(
        "org.apache.sshd",
        GitSession.class.getName(),
        GitChannel.class.getName(),
        "packhorse.ssh.accept");
  }

  /// Returns the addresses that were bound, with their real ports, by the names of the listeners.
  public Map<String, InetSocketAddress> addresses() {
    return Map.copyOf(addresses);
  }

  /// The number of exec requests that are being served.
  public int activeExecs() {
    return activeExecs.count();
  }

  /// Stops listening, waits until the running execs have finished or the drain timeout expires,
  /// then closes every connection. A second call, from another thread, ends the wait of the first.
  public void close(Duration drainTimeout) {
    servers.forEach(GitSshServer::stopListening);
    activeExecs.drain(drainTimeout);
    limiter.connections().values().forEach(activity -> activity.recordCloseReason(STOPPED));
    servers.forEach(GitSshServer::closeConnections);
    monitor.close();
  }

  /// Closes every connection without waiting for running execs.
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  // A client from an address that is not admitted is sent nothing at all, not even the server's
  // identification string.
  private static SessionListener addressFilter(SshSettings.Listener listener) {
    return new SessionListener() {
      @Override
      public void sessionCreated(Session session) {
        if (!listener.admits().test(ConnectionLimiter.remoteAddress(session))) session.close(true);
      }
    };
  }
}
