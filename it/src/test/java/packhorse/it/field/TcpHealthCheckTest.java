package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.proxy.ProxyFixture;

/// A load balancer that opens connections to the SSH port, to check it, and closes them.
@Tag("counted")
@ExtendWith(LeakDetector.class)
final class TcpHealthCheckTest {
  @Test
  void health_checks_are_not_logged_or_recorded_and_block_no_client(@TempDir Path folder)
      throws IOException {
    try (ProxyFixture fixture =
        ProxyFixture.start(
            folder,
            1,
            config -> config.section("log", "{ level: info, format: text, to: stderr }"))) {
      Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      var logEvents = new ListAppender<ILoggingEvent>();
      logEvents.setContext(root.getLoggerContext());
      logEvents.start();
      root.addAppender(logEvents);
      try {
        for (int i = 0; i < TestProfile.pick(60, 300); i++)
          checkPort(fixture.proxy().port("ssh"), i);
        var argv = new ArrayList<>(fixture.sshClient().argv());
        argv.addAll(List.of("-T", "git@127.0.0.1"));
        // Without a command, the proxy prints the name of the user.
        assertThat(Command.of(folder, argv.toArray(String[]::new)).run().output())
            .contains("alice");
      } finally {
        root.detachAppender(logEvents);
      }
      assertThat(logEvents.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.INFO));
      assertThat(fixture.proxy().auditRecords()).isEmpty();
      assertThat(metrics(fixture))
          .doesNotContainPattern("packhorse_logins_failed_total\\{[^}]*} [1-9]");
    }
  }

  private static String metrics(ProxyFixture fixture) {
    try (var status = RawClient.connect(fixture.proxy().port("status"))) {
      status.send("GET /metrics HTTP/1.1\r\nHost: status\r\nConnection: close\r\n\r\n");
      return status.readAllText();
    }
  }

  /// Connects and disconnects. Half of the checks wait for the server's identification, and half
  /// send a PROXY protocol header.
  private static void checkPort(int port, int number) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (number % 2 == 0) assertThat(socket.getInputStream().read()).isEqualTo('S');
      if (number % 4 < 2) {
        String header = "PROXY TCP4 127.0.0.1 127.0.0.1 1 " + port + "\r\n";
        socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
