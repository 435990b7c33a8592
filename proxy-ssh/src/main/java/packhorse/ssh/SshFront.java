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
import packhorse.request.Arrivals;
import packhorse.request.CannotListen;

/// The SSH front: takes connections, logs people in by their public keys, and makes a request for
/// the pipeline of every exec. Opened by the assembly, closed by it once; safe on any thread.
public final class SshFront implements AutoCloseable {
  /// The root of the library's loggers. It reports what clients do wrong as its own warnings and
  /// errors; to be kept at OFF unless somebody is looking for a fault in it.
  public static final String NOISY_LOGGERS = "org.apache.sshd";

  private final RunningExecs running = new RunningExecs();
  private final List<GitServer> servers = new ArrayList<>();
  private final Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
  private final Heartbeat heartbeat;

  private SshFront(SshSettings settings, Pipeline pipeline, Arrivals arrivals) {
    Connections connections = new Connections(settings.connections(), System::nanoTime);
    KeyLogin login = new KeyLogin(pipeline);
    for (SshSettings.Listener listener : settings.listeners()) {
      Execs execs = new Execs(listener.name(), pipeline, arrivals, running);
      GitServer server = Servers.server(listener, settings.patience(), login, execs);
      server.addSessionListener(admitting(listener));
      server.addSessionListener(connections);
      servers.add(server);
    }
    heartbeat = new Heartbeat(connections, settings.patience());
  }

  /// Listens on every listener, or on none.
  ///
  /// @throws CannotListen when an address cannot be had
  public static SshFront open(SshSettings settings, Pipeline pipeline, Arrivals arrivals)
      throws CannotListen {
    SshFront front = new SshFront(settings, pipeline, arrivals);
    for (int i = 0; i < front.servers.size(); i++) {
      SshSettings.Listener listener = settings.listeners().get(i);
      try {
        front.addresses.put(listener.name(), front.servers.get(i).listen());
      } catch (IOException e) {
        front.close();
        throw new CannotListen(listener.name(), listener.address(), e);
      }
    }
    return front;
  }

  /// Where each listener really listens, by its name.
  public Map<String, InetSocketAddress> addresses() {
    return Map.copyOf(addresses);
  }

  /// Takes nothing new, lets running execs finish for at most so long, then ends every connection.
  /// A second call, from another thread, ends the wait of the first.
  public void close(Duration drain) {
    servers.forEach(GitServer::stopListening);
    running.drain(drain);
    servers.forEach(GitServer::end);
    heartbeat.close();
  }

  /// Ends at once.
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  // who may not connect hears nothing at all
  private static SessionListener admitting(SshSettings.Listener listener) {
    return new SessionListener() {
      @Override
      public void sessionCreated(Session session) {
        if (!listener.admits().test(Connections.address(session))) session.close(true);
      }
    };
  }
}
