package packhorse.deploy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import packhorse.config.LogSettings;

/// What the log is before a configuration says it, and for commands that read none: warnings, as
/// text on standard error. Logback finds it as a service and asks it once, unless there is a file
/// for Logback on the class path, as in tests; without it everything down to DEBUG would be
/// written.
@ConfiguratorRank(ConfiguratorRank.NOMINAL)
public final class EarlyLogging extends ContextAwareBase implements Configurator {
  private static final LogSettings WARNINGS =
      new LogSettings(LogSettings.Level.WARN, LogSettings.Format.TEXT, LogSettings.Target.STDERR);

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    Logging.configure(loggers, WARNINGS);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
