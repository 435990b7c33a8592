package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Connections that come, wait, stay away and end.
@Timeout(60)
final class FrontLifeTest {
  private static final Duration SHORT = Duration.ofMillis(600);

  @TempDir Path folder;

  private static SshSettings.Patience patience(Duration login, Duration idle, Duration client) {
    return new SshSettings.Patience(login, idle, client, Duration.ofSeconds(20));
  }

  private SshScene scene(SshSettings.Patience patience) throws IOException {
    return new SshScene(folder, SshScene.Terms.usual().with(patience));
  }

  @Test
  void connections_that_only_knock_leave_no_trace() throws IOException {
    try (var scene = scene(SshSettings.Patience.usual())) {
      for (int i = 0; i < 50; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), scene.port())) {
          if (i % 2 == 0) assertThat(socket.getInputStream().read()).isEqualTo('S');
        }
      }
      scene.exec("alice", List.of("-T")).well();
      assertThat(scene.outcomes).isEmpty();
    }
  }

  @Test
  void who_does_not_log_in_is_cut() throws IOException {
    try (var scene = scene(patience(SHORT, Duration.ofMinutes(5), Duration.ofHours(1)));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), scene.port())) {
      InputStream in = socket.getInputStream();
      in.readAllBytes();
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void a_flood_of_strangers_does_not_shut_others_out() throws IOException {
    List<Socket> flood = new ArrayList<>();
    try (var scene = scene(SshSettings.Patience.usual())) {
      for (int i = 0; i < 300; i++)
        flood.add(new Socket(InetAddress.getLoopbackAddress(), scene.port()));
      scene.exec("alice", List.of("-T")).well();
    } finally {
      for (Socket socket : flood) socket.close();
    }
  }

  @Test
  void a_connection_with_nothing_to_do_is_ended() throws Exception {
    try (var scene = scene(patience(Duration.ofSeconds(20), SHORT, Duration.ofHours(1)))) {
      Process idle = scene.plain().builder(line(scene, "-N")).start();
      assertThat(idle.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_client_that_is_busy_between_its_advertisement_and_its_words_is_not_idle()
      throws Exception {
    try (var scene = scene(patience(Duration.ofSeconds(20), SHORT, Duration.ofHours(1)))) {
      Path work = scene.repository("app", 2);
      Path hook = work.resolve(".git/hooks/pre-push");
      Files.writeString(hook, "#!/bin/sh\nsleep 2\n");
      assertThat(hook.toFile().setExecutable(true)).isTrue();
      scene.git("alice", 2).in(work).run("git", "push", scene.url("app"), "main:new").well();
    }
  }

  @Test
  void a_client_that_is_busy_for_too_long_is_cut() throws Exception {
    try (var scene = scene(patience(Duration.ofSeconds(20), Duration.ofMinutes(5), SHORT))) {
      scene.repository("app", 2);
      Process silent = scene.plain().builder(line(scene, "git-upload-pack 'app'")).start();
      assertThat(silent.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(silent.exitValue()).isEqualTo(128);
    }
  }

  @Test
  void closing_waits_for_execs_that_run_and_takes_no_new_ones() throws Exception {
    try (var scene = scene(SshSettings.Patience.usual())) {
      scene.repository("app", 2);
      Process running = scene.plain().builder(line(scene, "git-upload-pack 'app'")).start();
      assertThat(running.getInputStream().read()).isEqualTo('0');
      Thread closing = Thread.ofVirtual().start(() -> scene.front.close(Duration.ofSeconds(30)));
      assertThat(closing.join(Duration.ofMillis(500))).isFalse();
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), scene.port()).close())
          .isInstanceOf(IOException.class);
      running.getOutputStream().write("0000".getBytes(StandardCharsets.US_ASCII));
      running.getOutputStream().close();
      assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(running.exitValue()).isZero();
      assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void an_address_that_is_taken_is_named() throws IOException {
    try (var scene = scene(SshSettings.Patience.usual())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.port());
      var listener = new SshSettings.Listener("second", address, scene.hostKeys, from -> true);
      var settings = new SshSettings(List.of(listener), SshSettings.Patience.usual(), 10);
      assertThatThrownBy(() -> SshFront.open(settings, scene.pipeline, scene.arrivals))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("second")
          .hasMessageContaining(String.valueOf(scene.port()));
    }
  }

  @Test
  void who_may_not_connect_hears_nothing() throws IOException {
    try (var scene = scene(SshSettings.Patience.usual())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var listener = new SshSettings.Listener("closed", address, scene.hostKeys, from -> false);
      var settings = new SshSettings(List.of(listener), SshSettings.Patience.usual(), 10);
      try (var front = SshFront.open(settings, scene.pipeline, scene.arrivals)) {
        int port = front.addresses().values().iterator().next().getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
      }
    }
  }

  private static String[] line(SshScene scene, String command) {
    List<String> line = command.startsWith("-") ? scene.ssh("alice", command) : scene.ssh("alice");
    line.add("127.0.0.1");
    if (!command.startsWith("-")) line.add(command);
    return line.toArray(String[]::new);
  }
}
