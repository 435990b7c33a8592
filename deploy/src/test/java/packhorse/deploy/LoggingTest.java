package packhorse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;
import packhorse.config.model.LogSettings;

/// Tests that text from clients cannot move the cursor or begin a line of its own in the log.
final class LoggingTest {
  private static final String HOSTILE_TEXT = "\u001b[31mred\r\n12:00 ERROR Server: forged\u0007";

  private final LoggerContext loggers = new LoggerContext();

  @ParameterizedTest
  @EnumSource(LogSettings.Format.class)
  void control_characters_do_not_reach_the_log(LogSettings.Format format) {
    loggers.setMDCAdapter(new LogbackMDCAdapter());
    var failure = new IllegalStateException("\u001b[31mred\u0007");
    var event =
        new LoggingEvent(
            "x",
            loggers.getLogger("packhorse.x"),
            Level.ERROR,
            HOSTILE_TEXT,
            failure,
            new Object[0]);
    event.addKeyValuePair(new KeyValuePair("name", HOSTILE_TEXT));
    byte[] encoded = Logging.encoder(format, loggers).encode(event);
    String text = new String(encoded, StandardCharsets.UTF_8);
    assertThat(text).contains("red").doesNotContain("\u001b", "\u0007", "\r");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("12:00"));
  }

  @Test
  void events_of_the_libraries_about_single_clients_are_not_written() {
    var debug =
        new LogSettings(
            LogSettings.Level.DEBUG, LogSettings.Format.TEXT, LogSettings.Destination.STDERR);
    Logging.configure(loggers, debug);
    for (String name :
        List.of(
            "org.eclipse.jetty.http.HttpParser",
            "org.apache.sshd.server",
            "packhorse.ssh.GitSession",
            "packhorse.ssh.GitChannel")) {
      assertThat(loggers.getLogger(name).isWarnEnabled()).as(name).isFalse();
    }
  }
}
