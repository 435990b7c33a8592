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
import packhorse.config.LogSettings;

/// Sets the program's log up as the configuration says; called once, and before that by
/// [EarlyLogging].
final class Logging {
  /// Whatever is quoted in a message, it stays on its line and moves no cursor; of a stack trace
  /// the line ends and tabs are its own.
  private static final String TEXT =
      "%d{HH:mm:ss.SSS} %-5level %logger{0}: %replace(%msg %kvp){'\\p{Cntrl}', '?'}%n"
          + "%replace(%ex){'[\\p{Cntrl}&&[^\\n\\t]]', '?'}";

  private Logging() {}

  static void configure(LogSettings settings) {
    configure((LoggerContext) LoggerFactory.getILoggerFactory(), settings);
  }

  static void configure(LoggerContext loggers, LogSettings settings) {
    loggers.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(loggers);
    appender.setTarget(settings.to() == LogSettings.Target.STDOUT ? "System.out" : "System.err");
    appender.setEncoder(encoder(settings.format(), loggers));
    appender.start();
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    loggers.getLogger("packhorse").setLevel(Level.toLevel(settings.level().name()));
    // the libraries tell of every client that goes away as if it were an accident
    loggers.getLogger("org.eclipse.jetty").setLevel(Level.ERROR);
    loggers.getLogger("org.apache.sshd").setLevel(Level.OFF);
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
    text.setPattern(TEXT);
    text.start();
    return text;
  }
}
