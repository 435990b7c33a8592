package packhorse.deploy;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.config.InvalidSettings;
import packhorse.config.Settings;
import packhorse.config.SettingsReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// {@code packhorse serve FILE}: runs the proxy until SIGTERM or SIGINT, which let running clones
/// and pushes finish; a second signal ends at once.
@Command(
    name = "serve",
    description = "Run the proxy that a configuration describes.",
    footer = {
      "",
      "SIGTERM and SIGINT let running clones and pushes finish (timeouts.drain); a second one ends"
          + " at once."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

  @Parameters(paramLabel = "FILE", description = "The configuration, such as packhorse.yaml.")
  private Path file = Path.of("");

  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();

  @Override
  public Integer call() throws InvalidSettings, CommandFailed, InterruptedException {
    Settings settings = SettingsReader.read(file);
    Logging.configure(settings.log());
    settings.warnings().forEach(warning -> log.atWarn().log(warning.format(file)));
    // before anything listens: whoever stops us then must not meet the JVM's own way to end
    Signals.handle(this::signalled);
    Running running = started(settings);
    log.atInfo().addKeyValue("file", settings.file()).log("packhorse serves");
    asked.await();
    log.atInfo().log("packhorse drains");
    running.stop(settings.timeouts().drain());
    return ExitCode.OK.number();
  }

  private static Running started(Settings settings) throws CommandFailed {
    try {
      return Assembly.start(settings);
    } catch (StartFailure failure) {
      throw new CommandFailed(failure.code(), String.valueOf(failure.getMessage()));
    }
  }

  /// The first signal ends a start that is under way as soon as it is done.
  private void signalled() {
    if (signals.incrementAndGet() > 1) Runtime.getRuntime().halt(ExitCode.SIGNALLED.number());
    asked.countDown();
  }
}
