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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import packhorse.it.kit.Command;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.Stage;

/// A balancer that looks whether somebody listens on the SSH port.
@Tag("counted")
@ExtendWith(Leaks.class)
final class KnocksTest {
  @Test
  void knocks_leave_no_line_and_no_record_and_shut_nobody_out(@TempDir Path folder)
      throws IOException {
    try (Stage stage =
        Stage.of(
            folder, 1, text -> text.section("log", "{ level: info, format: text, to: stderr }"))) {
      Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      var lines = new ListAppender<ILoggingEvent>();
      lines.setContext(root.getLoggerContext());
      lines.start();
      root.addAppender(lines);
      try {
        for (int i = 0; i < Sizes.pick(60, 300); i++) knock(stage.proxy().port("ssh"), i);
        var argv = new java.util.ArrayList<>(stage.way().argv());
        argv.addAll(java.util.List.of("-T", "git@127.0.0.1"));
        assertThat(Command.of(folder, argv.toArray(String[]::new)).run().output())
            .contains("alice");
      } finally {
        root.detachAppender(lines);
      }
      assertThat(lines.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.INFO));
      assertThat(stage.proxy().audit()).isEmpty();
    }
  }

  private static void knock(int port, int kind) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (kind % 2 == 0) assertThat(socket.getInputStream().read()).isEqualTo('S');
      if (kind % 4 < 2) {
        String header = "PROXY TCP4 127.0.0.1 127.0.0.1 1 " + port + "\r\n";
        socket.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
