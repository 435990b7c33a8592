package packhorse.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.config.model.Address;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Settings;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsReader;
import packhorse.memory.MemoryPlan;
import packhorse.request.OpenFileLimit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `packhorse serve FILE`: runs the proxy until SIGTERM or SIGINT. Running clones and pushes may
/// finish then; a second signal ends the process at once.
@Command(
    name = "serve",
    description = "Run the proxy that a configuration describes.",
    footer = {
      "",
      "On SIGTERM or SIGINT the proxy lets running clones and pushes finish (timeouts.drain); a"
          + " second signal ends it at once. On SIGHUP it opens the audit file anew."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  /// How long a start may take to end after a signal, before the process ends without it.
  private static final Duration START_GRACE = Duration.ofSeconds(1);

  @Parameters(paramLabel = "FILE", description = "The configuration, such as packhorse.yaml.")
  private Path file = Path.of("");

  private final FutureTask<Started> start = new StartTask();
  private final CountDownLatch startEnded = new CountDownLatch(1);
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final CountDownLatch startEndedOrStopRequested = new CountDownLatch(1);
  private final AtomicInteger terminations = new AtomicInteger();

  /// A running proxy and its configuration.
  private record Started(Settings settings, ProxyInstance proxy) {}

  private final class StartTask extends FutureTask<Started> {
    StartTask() {
      super(() -> startProxy(file));
    }

    @Override
    protected void done() {
      startEnded.countDown();
      startEndedOrStopRequested.countDown();
    }
  }

  @Override
  public Integer call() throws InvalidSettingsException, CommandException, InterruptedException {
    // before the start, so that no signal ends the JVM in its default way
    Signals.handle(List.of("TERM", "INT"), this::handleTermination);
    Signals.handle(List.of("HUP"), this::handleHangup);
    // on a thread of its own: opening a file or resolving a name may block for ever
    Thread.ofPlatform().daemon().name("start").start(start);
    startEndedOrStopRequested.await();
    if (!startEnded.await(START_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
      log.atInfo().log("stopped during the start");
      return ExitCode.OK.number();
    }
    Started started = result();
    ProxyInstance proxy = started.proxy();
    stopRequested.await();
    log.atInfo().log("stopping: {} requests running", proxy.activeRequests());
    proxy.stop(started.settings().timeouts().drain());
    return ExitCode.OK.number();
  }

  private static Started startProxy(Path file) throws InvalidSettingsException, CommandException {
    Optional<String> memoryProblem = MemoryPlan.ofThisJvm().problem();
    if (memoryProblem.isPresent()) {
      throw new CommandException(ExitCode.FAILURE, memoryProblem.get());
    }
    Settings settings = SettingsReader.read(file);
    Logging.configure(settings.log());
    settings.warnings().forEach(warning -> log.atWarn().log(warning.format(file)));
    OpenFileCheck.warning(settings, OpenFileLimit.current()).ifPresent(log.atWarn()::log);
    try {
      ProxyInstance proxy = Assembly.start(settings);
      log.atInfo()
          .addKeyValue("file", settings.file())
          .log("started, listening on {}", addresses(settings, proxy));
      return new Started(settings, proxy);
    } catch (StartupException failure) {
      throw new CommandException(failure.exitCode(), String.valueOf(failure.getMessage()));
    }
  }

  /// Returns the result of the start, which has ended.
  private Started result() throws InvalidSettingsException, CommandException, InterruptedException {
    try {
      return start.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case InvalidSettingsException invalid -> throw invalid;
        case CommandException failed -> throw failed;
        case RuntimeException unexpected -> throw unexpected;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /// Returns the listeners in the order of the file, with their actual ports.
  private static String addresses(Settings settings, ProxyInstance proxy) {
    return settings.listeners().stream()
        .map(listener -> listener.name() + " " + address(listener, proxy))
        .collect(Collectors.joining(", "));
  }

  private static Address address(ListenerSettings listener, ProxyInstance proxy) {
    return new Address(listener.address().host(), proxy.port(listener.name()));
  }

  /// Requests a stop. A start that has not ended after [#START_GRACE] is abandoned.
  private void handleTermination() {
    if (terminations.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(ExitCode.SIGNALLED.number());
    }
    stopRequested.countDown();
    startEndedOrStopRequested.countDown();
  }

  /// Opens the audit file anew, for tools that rotate it. During the start there is nothing to do.
  private void handleHangup() {
    log.atInfo().log(
        "SIGHUP: opening the audit file anew; a changed configuration needs a restart");
    if (start.state() == Future.State.SUCCESS) start.resultNow().proxy().reopenAuditFile();
  }
}
