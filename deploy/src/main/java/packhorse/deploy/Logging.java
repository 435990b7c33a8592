package packhorse.deploy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;
import packhorse.config.model.LogSettings;
import packhorse.ssh.SshFront;

/// Configures the program's log: once from the configuration, and before that by
/// [InitialLogConfigurator].
final class Logging {
  /// Control characters in a message are replaced, so that quoted text cannot begin a line or move
  /// the cursor; in a stack trace line ends and tabs are kept.
  private static final String TEXT_PATTERN =
      "%d{HH:mm:ss.SSS} %-5level %logger{0}: %replace(%msg %kvp){'\\p{Cntrl}', '?'}%n"
          + "%replace(%ex){'[\\p{Cntrl}&&[^\\n\\t]]', '?'}";

  private static final String APPENDER = "log";

  /// Some seconds of a busy log: one event has a few hundred bytes.
  private static final int QUEUE_CAPACITY = 8192;

  private Logging() {}

  static void configure(LogSettings settings) {
    configure(loggers(), settings);
  }

  private static LoggerContext loggers() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  static void configure(LoggerContext loggers, LogSettings settings) {
    loggers.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(loggers);
    appender.setTarget(
        settings.destination() == LogSettings.Destination.STDOUT ? "System.out" : "System.err");
    appender.setEncoder(encoder(settings.format(), loggers));
    appender.start();
    var queue = new LogQueue(appender, QUEUE_CAPACITY);
    queue.setName(APPENDER);
    queue.setContext(loggers);
    queue.start();
    Logger root = root(loggers);
    root.setLevel(Level.WARN);
    root.addAppender(queue);
    loggers.getLogger("packhorse").setLevel(Level.toLevel(settings.level().name()));
    // the libraries report every client that disconnects as a warning or an error
    loggers.getLogger("org.eclipse.jetty").setLevel(Level.ERROR);
    SshFront.libraryLoggers().forEach(name -> loggers.getLogger(name).setLevel(Level.OFF));
  }

  private static Logger root(LoggerContext loggers) {
    return loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /// Returns the number of events that could not be written since the log was configured.
  static long lostEvents() {
    return root(loggers()).getAppender(APPENDER) instanceof LogQueue queue ? queue.lostEvents() : 0;
  }

  /// Writes what still waits, for at most half a second. Called before the process ends.
  static void stop() {
    loggers().stop();
  }

  static Encoder<ILoggingEvent> encoder(LogSettings.Format format, LoggerContext loggers) {
    if (format == LogSettings.Format.JSON) {
      var json = new LogstashEncoder();
      json.setContext(loggers);
      json.setIncludeContext(false);
      json.start();
      return json;
    }
    var text = new PatternLayoutEncoder();
    text.setContext(loggers);
    text.setPattern(TEXT_PATTERN);
    text.start();
    return text;
  }
}
