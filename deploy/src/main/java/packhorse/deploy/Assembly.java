package packhorse.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.Pipeline;
import packhorse.config.check.StartRecord;
import packhorse.config.model.AuditSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.ProbeSettings;
import packhorse.config.model.Settings;
import packhorse.config.model.TimeoutSettings;
import packhorse.control.ControlCommands;
import packhorse.control.ControlSocket;
import packhorse.control.StatusListener;
import packhorse.exchange.Exchanges;
import packhorse.exchange.call.RepositoryAskerFactory;
import packhorse.file.FileProblem;
import packhorse.file.PrivateFile;
import packhorse.http.front.HttpFront;
import packhorse.http.io.HttpBufferPool;
import packhorse.http.node.HttpHealthProbe;
import packhorse.http.node.JettyLink;
import packhorse.http.node.NodeClients;
import packhorse.http.node.NodeTimeouts;
import packhorse.identity.Authenticator;
import packhorse.identity.UserDirectory;
import packhorse.memory.ClientMemory;
import packhorse.memory.MemoryPlan;
import packhorse.node.AdvertisedTips;
import packhorse.node.HealthProber;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.placement.Backend;
import packhorse.policy.Policy;
import packhorse.record.AuditLog;
import packhorse.record.DecisionHistory;
import packhorse.record.Meters;
import packhorse.record.OutcomeRecorder;
import packhorse.record.SecurityEvents;
import packhorse.request.ArrivalFactory;
import packhorse.ssh.SshFront;
import packhorse.ssh.SshSettings;

/// Builds the proxy from its configuration, in the order of dependencies, and starts it. This is
/// the only place where objects are wired together. Several proxies can run in one process. Called
/// by the program and by the tests.
public final class Assembly {
  private static final int REMEMBERED_DECISIONS = 100_000;
  private static final long DECISION_BYTES = 20L << 20;

  /// The default of git's own upload-pack (`uploadpack.keepAlive`).
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  private final Settings settings;
  private final Duration keepAlive;
  private final RoutingFactory routing;
  private final ClientMemory memory;
  private final ProxyInstance proxy = new ProxyInstance();

  private Assembly(Settings settings, Duration keepAlive, MemoryPlan plan) {
    this.memory = ClientMemory.of(plan);
    this.settings = settings;
    this.keepAlive = keepAlive;
    this.routing = new RoutingFactory(settings, plan);
  }

  /// Starts the proxy, which accepts requests when this method returns.
  ///
  /// @throws StartupException if something that the proxy needs is not available; nothing is left
  ///   running then
  public static ProxyInstance start(Settings settings) throws StartupException {
    return start(settings, KEEP_ALIVE, MemoryPlan.ofThisJvm());
  }

  /// Starts the proxy with another interval of keep-alives, and with other limits on memory.
  ///
  /// @param keepAlive how long a client that waits for a pack receives nothing while the node sends
  ///   nothing
  /// @param plan the memory that clients, and checks of their passwords, may make the proxy hold
  /// @throws StartupException if something that the proxy needs is not available; nothing is left
  ///   running then
  public static ProxyInstance start(Settings settings, Duration keepAlive, MemoryPlan plan)
      throws StartupException {
    var assembly = new Assembly(settings, keepAlive, plan);
    try {
      assembly.start();
      return assembly.proxy;
    } catch (IOException e) {
      assembly.proxy.stop(Duration.ZERO);
      throw new StartupException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      assembly.proxy.stop(Duration.ZERO);
      throw e;
    }
  }

  private void start() throws IOException {
    StateDirectory state = StateDirectory.open(settings.state().directory());
    StateKeys stateKeys = StateKeys.open(settings.state());
    DecisionHistory decisions =
        new DecisionHistory(REMEMBERED_DECISIONS, memory.plan().scaled(DECISION_BYTES));
    Meters meters = new Meters();
    meters.registerLostLogEvents(Logging::lostEvents);
    meters.registerMemory(memory);
    SecurityEvents events = new SecurityEvents(meters, System::nanoTime);
    OutcomeRecorder recorder = new OutcomeRecorder(meters, events, decisions, openAuditLog(meters));
    Nodes nodes = new Nodes(routing.createNodes(), routing::createThresholds, System::nanoTime);
    meters.registerNodes(nodes);
    HttpBufferPool buffers = new HttpBufferPool(memory.plan().direct());
    NodeClients clients = proxy.closeOnStop(new NodeClients(caFiles(), nodeTimeouts(), buffers));
    AdvertisedTips tips = new AdvertisedTips();
    Policy policy = routing.createPolicy();
    Exchanges.ExchangeSettings exchangeSettings =
        routing.createExchangeSettings(memory.requests(), keepAlive, stateKeys);
    Exchanges exchanges =
        new Exchanges(new JettyLink(clients), nodes, tips, policy, recorder, exchangeSettings);
    RepositoryAskerFactory askers = new RepositoryAskerFactory(exchangeSettings.nodeIdentities());
    UserDirectory directory = routing.createUserDirectory(events);
    Pipeline pipeline =
        new Pipeline(
            new Pipeline.Stages(
                routing.createLocator(),
                directory,
                new Authenticator(directory, routing.createFailedLoginLimit()),
                policy,
                new Router(nodes, tips, askers::create),
                exchanges,
                recorder),
            System::nanoTime);
    proxy.closeOnStop(
        new HealthProber(
            nodes,
            this::probeInterval,
            new HttpHealthProbe(clients, this::probeTarget),
            node -> {
              if (nodes.hasOtherUp(node)) clients.abortSilentReads(node);
            }));
    StartRecord thisStart = startFronts(state, pipeline, buffers);
    startMonitoring(nodes, decisions, meters);
    state.markStarted(thisStart);
  }

  private StartRecord startFronts(StateDirectory state, Pipeline pipeline, HttpBufferPool buffers)
      throws IOException {
    ArrivalFactory arrivals = new ArrivalFactory(Clock.systemUTC());
    var factory = new FrontSettingsFactory(settings, state.firstStart());
    SshSettings sshSettings = factory.createSshSettings();
    proxy.addFront(SshFront.open(sshSettings, pipeline, arrivals, memory));
    var httpFront =
        new HttpFront(
            factory.createHttpListeners(),
            factory.createHttpSettings(),
            pipeline,
            arrivals,
            buffers,
            memory);
    httpFront.start();
    proxy.addFront(httpFront);
    StartRecord started = new StartRecord(List.of());
    for (SshSettings.Listener listener : sshSettings.listeners()) {
      started = started.with(listener.name(), listener.hostKeys().fingerprints());
    }
    return started;
  }

  /// Opens the status listeners and the control socket.
  private void startMonitoring(Nodes nodes, DecisionHistory decisions, Meters meters)
      throws IOException {
    Optional<Path> auditFile = settings.audit().map(AuditSettings::file);
    var commands = new ControlCommands(nodes, decisions, auditFile);
    var pages =
        new StatusListener.Pages(proxy::ready, meters::scrape, () -> commands.execute("status"));
    for (var listener : new FrontSettingsFactory(settings, false).createStatusSettings()) {
      proxy.addStatusListener(
          listener.name(),
          new StatusListener(listener.name(), listener.address(), listener.admits(), pages));
    }
    Path controlSocket = settings.controlSocket();
    if (controlSocket.getParent() != null)
      StateDirectory.createPrivateDirectory("control", controlSocket.getParent());
    proxy.closeOnStop(ControlSocket.open(controlSocket, commands::execute));
  }

  private Optional<AuditLog> openAuditLog(Meters meters) throws IOException {
    if (settings.audit().isEmpty()) return Optional.empty();
    AuditLog auditLog = openAuditLog(settings.audit().get().file());
    proxy.addAuditLog(auditLog);
    meters.registerLostAuditRecords(auditLog::lostRecords);
    return Optional.of(auditLog);
  }

  private static AuditLog openAuditLog(Path file) throws IOException {
    try {
      PrivateFile.restrict(file);
      return new AuditLog(file);
    } catch (IOException e) {
      throw FileProblem.at("audit.file", file, "written", e);
    }
  }

  private Map<String, Optional<Path>> caFiles() {
    Map<String, Optional<Path>> caFiles = new HashMap<>();
    for (PoolSettings pool : settings.pools()) caFiles.put(pool.name(), pool.caFile());
    return caFiles;
  }

  private NodeTimeouts nodeTimeouts() {
    TimeoutSettings timeouts = settings.timeouts();
    return new NodeTimeouts(
        timeouts.connect(), timeouts.answer(), timeouts.stall(), timeouts.tunnel());
  }

  private Optional<Duration> probeInterval(String pool) {
    ProbeSettings probe = settings.pool(pool).probe();
    return probe.active() ? Optional.of(probe.interval()) : Optional.empty();
  }

  private HttpHealthProbe.ProbeTarget probeTarget(String pool) {
    ProbeSettings probe = settings.pool(pool).probe();
    Backend backend = settings.pool(pool).backend();
    return new HttpHealthProbe.ProbeTarget(
        probe.path(),
        (status, body) -> backend.problemOfProbe(probe.path(), status, body),
        probe.canary(),
        probe.timeout());
  }
}
