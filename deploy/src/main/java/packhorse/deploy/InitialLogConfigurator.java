package packhorse.deploy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import packhorse.config.model.LogSettings;

/// Configures the log until a configuration has been read, and for commands that read none:
/// warnings, as text on standard error. Logback finds this class through `META-INF/services` and
/// calls it once, instead of looking for a `logback.xml` or `logback-test.xml`. Without it, Logback
/// would write every event down to DEBUG.
@ConfiguratorRank(ConfiguratorRank.NOMINAL)
public final class InitialLogConfigurator extends ContextAwareBase implements Configurator {
  private static final LogSettings WARNINGS =
      new LogSettings(
          LogSettings.Level.WARN, LogSettings.Format.TEXT, LogSettings.Destination.STDERR);

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    Logging.configure(loggers, WARNINGS);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
