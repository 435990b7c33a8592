package packhorse.deploy;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.config.model.Address;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Settings;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsReader;
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
          + " second signal ends it at once."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  @Parameters(paramLabel = "FILE", description = "The configuration, such as packhorse.yaml.")
  private Path file = Path.of("");

  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();

  @Override
  public Integer call() throws InvalidSettingsException, CommandException, InterruptedException {
    Settings settings = SettingsReader.read(file);
    Logging.configure(settings.log());
    settings.warnings().forEach(warning -> log.atWarn().log(warning.format(file)));
    // before anything listens: a signal from then on must not end the JVM in its default way
    TerminationSignals.handle(this::handleSignal);
    ProxyInstance proxy = start(settings);
    log.atInfo()
        .addKeyValue("file", settings.file())
        .log("started, listening on {}", addresses(settings, proxy));
    stopRequested.await();
    log.atInfo().log("stopping: {} requests running", proxy.activeRequests());
    proxy.stop(settings.timeouts().drain());
    return ExitCode.OK.number();
  }

  private static ProxyInstance start(Settings settings) throws CommandException {
    try {
      return Assembly.start(settings);
    } catch (StartupException failure) {
      throw new CommandException(failure.exitCode(), String.valueOf(failure.getMessage()));
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

  /// Requests a stop. During the start this takes effect as soon as the proxy has started.
  private void handleSignal() {
    if (signals.incrementAndGet() > 1) Runtime.getRuntime().halt(ExitCode.SIGNALLED.number());
    stopRequested.countDown();
  }
}
