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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelSession;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How connections are accepted, limited, timed out and closed.
@Timeout(60)
final class ConnectionLifecycleTest {
  private static final Duration SHORT = Duration.ofMillis(600);

  @TempDir Path folder;

  private static SshSettings.ClientTimeouts timeouts(
      Duration login, Duration idle, Duration client) {
    return new SshSettings.ClientTimeouts(login, idle, client, Duration.ofSeconds(20));
  }

  private SshTestProxy proxy(SshSettings.ClientTimeouts timeouts) throws IOException {
    return new SshTestProxy(folder, SshTestProxy.Options.defaults().withTimeouts(timeouts));
  }

  @Test
  void connections_without_a_request_leave_no_outcome() throws IOException {
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      for (int i = 0; i < 50; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
          if (i % 2 == 0) assertThat(socket.getInputStream().read()).isEqualTo('S');
        }
      }
      proxy.exec("alice", List.of("-T")).expectSuccess();
      assertThat(proxy.outcomes).isEmpty();
    }
  }

  @Test
  void a_client_that_does_not_log_in_in_time_is_disconnected() throws IOException {
    try (var proxy = proxy(timeouts(SHORT, Duration.ofMinutes(5), Duration.ofHours(1)));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      InputStream in = socket.getInputStream();
      in.readAllBytes();
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void a_flood_of_unauthenticated_connections_does_not_lock_others_out() throws IOException {
    List<Socket> flood = new ArrayList<>();
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      for (int i = 0; i < 300; i++)
        flood.add(new Socket(InetAddress.getLoopbackAddress(), proxy.port()));
      proxy.exec("alice", List.of("-T")).expectSuccess();
    } finally {
      for (Socket socket : flood) socket.close();
    }
  }

  @Test
  void an_idle_connection_is_closed() throws Exception {
    try (var proxy = proxy(timeouts(Duration.ofSeconds(20), SHORT, Duration.ofHours(1)))) {
      Process idle = proxy.command().builder(sshCommand(proxy, "-N")).start();
      assertThat(idle.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_client_that_is_busy_after_the_advertisement_is_not_idle() throws Exception {
    try (var proxy = proxy(timeouts(Duration.ofSeconds(20), SHORT, Duration.ofHours(1)))) {
      Path work = proxy.repository("app", 2);
      Path hook = work.resolve(".git/hooks/pre-push");
      Files.writeString(hook, "#!/bin/sh\nsleep 2\n");
      assertThat(hook.toFile().setExecutable(true)).isTrue();
      proxy
          .git("alice", 2)
          .in(work)
          .run("git", "push", proxy.url("app"), "main:new")
          .expectSuccess();
    }
  }

  @Test
  void a_client_that_is_busy_for_too_long_is_disconnected() throws Exception {
    try (var proxy = proxy(timeouts(Duration.ofSeconds(20), Duration.ofMinutes(5), SHORT))) {
      proxy.repository("app", 2);
      Process silent = proxy.command().builder(sshCommand(proxy, "git-upload-pack 'app'")).start();
      assertThat(silent.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(silent.exitValue()).isEqualTo(128);
    }
  }

  @Test
  void a_client_that_takes_nothing_for_too_long_is_disconnected() throws Exception {
    var timeouts =
        new SshSettings.ClientTimeouts(
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10));
    try (var proxy = proxy(timeouts)) {
      Path work = proxy.repository("app", 1);
      byte[] noise = new byte[6 << 20];
      new Random(1).nextBytes(noise);
      Files.write(work.resolve("noise"), noise);
      proxy.commit(work, "more", "more");
      Command git = proxy.git("alice", 0).in(work);
      git.run("git", "push", "-q", proxy.url("app"), "main").expectSuccess();
      String tip = git.run("git", "rev-parse", "main").out().strip();
      Process client = proxy.command().builder(sshCommand(proxy, "git-upload-pack 'app'")).start();
      String request = "0040want " + tip + " side-band-64k\n00000009done\n";
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
      assertThat(proxy.awaitLastOutcome("cut").failure())
          .contains("the client is gone: it read nothing for PT3S");
      assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void an_outcome_says_why_its_client_is_gone() throws Exception {
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      proxy.repository("app", 2);
      Process killed = startFetch(proxy);
      killed.destroyForcibly();
      assertThat(proxy.awaitLastOutcome("cut").failure().orElseThrow())
          .matches("the client is gone: (it closed the connection|Connection reset.*|Broken pipe)");
      proxy.outcomes.clear();
      Process running = startFetch(proxy);
      proxy.front.close();
      assertThat(proxy.awaitLastOutcome("cut").failure())
          .contains("the client is gone: the proxy stopped and closed the connection");
      assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Process startFetch(SshTestProxy proxy) throws IOException {
    Process client = proxy.command().builder(sshCommand(proxy, "git-upload-pack 'app'")).start();
    assertThat(client.getInputStream().read()).isEqualTo('0');
    return client;
  }

  @Test
  void closing_waits_for_running_execs_and_accepts_no_new_connections() throws Exception {
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      proxy.repository("app", 2);
      Process running = startFetch(proxy);
      Thread closing = Thread.ofVirtual().start(() -> proxy.front.close(Duration.ofSeconds(30)));
      assertThat(closing.join(Duration.ofMillis(500))).isFalse();
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()).close())
          .isInstanceOf(IOException.class);
      running.getOutputStream().write("0000".getBytes(StandardCharsets.US_ASCII));
      running.getOutputStream().close();
      assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(running.exitValue()).isZero();
      assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void a_failure_to_bind_names_the_listener_and_its_port() throws IOException {
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
      var listener = new SshSettings.Listener("second", address, proxy.hostKeys, from -> true);
      var settings = new SshSettings(List.of(listener), SshSettings.ClientTimeouts.defaults(), 10);
      assertThatThrownBy(
              () -> SshFront.open(settings, proxy.pipeline, proxy.arrivals, proxy.memory))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("second")
          .hasMessageContaining(String.valueOf(proxy.port()));
    }
  }

  @Test
  void a_client_from_an_address_that_is_not_admitted_is_sent_nothing() throws IOException {
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var listener = new SshSettings.Listener("closed", address, proxy.hostKeys, from -> false);
      var settings = new SshSettings(List.of(listener), SshSettings.ClientTimeouts.defaults(), 10);
      try (var front = SshFront.open(settings, proxy.pipeline, proxy.arrivals, proxy.memory)) {
        int port = front.addresses().values().iterator().next().getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
      }
    }
  }

  @Test
  void a_client_from_an_address_that_is_not_admitted_takes_no_place() throws IOException {
    try (var proxy = proxy(SshSettings.ClientTimeouts.defaults())) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var listener = new SshSettings.Listener("closed", address, proxy.hostKeys, from -> false);
      var settings = new SshSettings(List.of(listener), SshSettings.ClientTimeouts.defaults(), 10);
      try (var front = SshFront.open(settings, proxy.pipeline, proxy.arrivals, proxy.memory)) {
        int port = front.addresses().values().iterator().next().getPort();
        for (int i = 0; i < 30; i++) {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
          }
        }
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (proxy.memory.connections().heldBytes() > 0 && System.nanoTime() < giveUp) {
          Thread.onSpinWait();
        }
        assertThat(proxy.memory.connections().heldBytes()).isZero();
      }
    }
  }

  @Test
  void a_channel_without_a_request_is_closed() throws Exception {
    try (var proxy = proxy(timeouts(Duration.ofSeconds(2), SHORT, Duration.ofHours(1)));
        var client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.start();
      Duration timeout = Duration.ofSeconds(10);
      ConnectFuture connecting = client.connect("git", "127.0.0.1", proxy.port());
      try (ClientSession connection = connecting.verify(timeout).getSession()) {
        new FileKeyPairProvider(folder.resolve("alice"))
            .loadKeys(connection)
            .forEach(connection::addPublicKeyIdentity);
        connection.auth().verify(timeout);
        var channel = new ChannelSession();
        connection.getService(ConnectionService.class).registerChannel(channel);
        channel.open().verify(timeout);
        Set<ClientSession.ClientSessionEvent> closed =
            connection.waitFor(Set.of(ClientSession.ClientSessionEvent.CLOSED), timeout);
        assertThat(closed).contains(ClientSession.ClientSessionEvent.CLOSED);
      }
    }
  }

  private static String[] sshCommand(SshTestProxy proxy, String command) {
    List<String> line = command.startsWith("-") ? proxy.ssh("alice", command) : proxy.ssh("alice");
    line.add("127.0.0.1");
    if (!command.startsWith("-")) line.add(command);
    return line.toArray(String[]::new);
  }
}
