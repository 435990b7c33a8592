package packhorse.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import packhorse.Pipeline;
import packhorse.config.AuditSettings;
import packhorse.config.PoolSettings;
import packhorse.config.ProbeSettings;
import packhorse.config.Settings;
import packhorse.config.Timeouts;
import packhorse.control.ControlCommands;
import packhorse.control.ControlSocket;
import packhorse.control.StatusListener;
import packhorse.exchange.Exchanges;
import packhorse.http.Buffers;
import packhorse.http.HttpFront;
import packhorse.http.HttpProbe;
import packhorse.http.JettyLink;
import packhorse.http.NodeClients;
import packhorse.http.NodeTimeouts;
import packhorse.identity.Directory;
import packhorse.identity.Identities;
import packhorse.node.AdvertisedTips;
import packhorse.node.Nodes;
import packhorse.node.Probes;
import packhorse.node.Router;
import packhorse.policy.Policy;
import packhorse.record.AuditLog;
import packhorse.record.Decisions;
import packhorse.record.Meters;
import packhorse.record.Records;
import packhorse.request.Arrivals;
import packhorse.ssh.SshFront;

/// The only wiring: builds the proxy from its configuration, in the order of dependence, and starts
/// it. Several can run in one process. Called by the program and by the tests.
public final class Assembly {
  private static final int REMEMBERED_DECISIONS = 100_000;

  /// What git's own upload-pack takes (`uploadpack.keepAlive`).
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  private final Settings settings;
  private final Duration keepAlive;
  private final RoutingParts parts;
  private final Running running = new Running();

  private Assembly(Settings settings, Duration keepAlive) {
    this.settings = settings;
    this.keepAlive = keepAlive;
    this.parts = new RoutingParts(settings);
  }

  /// Starts the proxy; it serves when this returns.
  ///
  /// @throws StartFailure when something that it needs cannot be had; nothing is left running then
  public static Running start(Settings settings) throws StartFailure {
    return start(settings, KEEP_ALIVE);
  }

  /// The same with another patience of the clients that wait for packs.
  ///
  /// @param keepAlive how long they hear nothing while a node is silent
  public static Running start(Settings settings, Duration keepAlive) throws StartFailure {
    var assembly = new Assembly(settings, keepAlive);
    try {
      assembly.start();
      return assembly.running;
    } catch (IOException e) {
      assembly.running.stop(Duration.ZERO);
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      assembly.running.stop(Duration.ZERO);
      throw e;
    }
  }

  private void start() throws IOException {
    StateDirectory state = StateDirectory.open(settings.state().directory());
    Decisions decisions = new Decisions(REMEMBERED_DECISIONS);
    Meters meters = new Meters();
    Records records = new Records(meters, decisions, audit(meters));
    Nodes nodes = new Nodes(parts.nodes(), parts::thresholds, System::nanoTime);
    meters.watch(nodes);
    Buffers buffers = new Buffers();
    NodeClients clients = running.closing(new NodeClients(authorities(), patience(), buffers));
    AdvertisedTips tips = new AdvertisedTips();
    Policy policy = parts.policy();
    Exchanges exchanges =
        new Exchanges(new JettyLink(clients), nodes, tips, policy, parts.terms(keepAlive));
    Directory directory = parts.directory();
    Pipeline pipeline =
        new Pipeline(
            new Pipeline.Stages(
                parts.locator(),
                directory,
                new Identities(directory),
                policy,
                new Router(nodes, tips),
                exchanges,
                records),
            System::nanoTime);
    running.closing(new Probes(nodes, this::interval, new HttpProbe(clients, this::target)));
    fronts(state, pipeline, buffers);
    operating(nodes, decisions, meters);
    state.started();
  }

  private void fronts(StateDirectory state, Pipeline pipeline, Buffers buffers) throws IOException {
    Arrivals arrivals = new Arrivals(Clock.systemUTC());
    var listeners = new FrontParts(settings, state.firstStart());
    running.front(SshFront.open(listeners.ssh(), pipeline, arrivals));
    running.front(started(listeners, pipeline, arrivals, buffers));
  }

  private static HttpFront started(
      FrontParts parts, Pipeline pipeline, Arrivals arrivals, Buffers buffers) throws IOException {
    var front = new HttpFront(parts.http(), parts.httpSettings(), pipeline, arrivals, buffers);
    front.start();
    return front;
  }

  private void operating(Nodes nodes, Decisions decisions, Meters meters) throws IOException {
    Optional<Path> audit = settings.audit().map(AuditSettings::file);
    var commands = new ControlCommands(nodes, decisions, audit);
    var pages =
        new StatusListener.Pages(running::ready, meters::scrape, () -> commands.answer("status"));
    for (var listener : new FrontParts(settings, false).status()) {
      running.status(
          listener.name(),
          new StatusListener(listener.name(), listener.address(), listener.admits(), pages));
    }
    Path control = settings.control();
    if (control.getParent() != null) StateDirectory.folder(control.getParent());
    running.closing(ControlSocket.open(control, commands::answer));
  }

  private Optional<AuditLog> audit(Meters meters) throws IOException {
    if (settings.audit().isEmpty()) return Optional.empty();
    AuditLog audit = running.closing(new AuditLog(settings.audit().get().file()));
    meters.watchAudit(audit::lost);
    return Optional.of(audit);
  }

  private Map<String, Optional<Path>> authorities() {
    Map<String, Optional<Path>> authorities = new HashMap<>();
    for (PoolSettings pool : settings.pools()) authorities.put(pool.name(), pool.ca());
    return authorities;
  }

  private NodeTimeouts patience() {
    Timeouts timeouts = settings.timeouts();
    return new NodeTimeouts(timeouts.connect(), timeouts.answer(), timeouts.stall());
  }

  private Optional<Duration> interval(String pool) {
    ProbeSettings probe = settings.pool(pool).probe();
    return probe.active() ? Optional.of(probe.interval()) : Optional.empty();
  }

  private HttpProbe.Target target(String pool) {
    ProbeSettings probe = settings.pool(pool).probe();
    return new HttpProbe.Target(probe.path(), probe.canary(), probe.timeout());
  }
}
