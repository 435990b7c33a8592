package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.SharedHostKeys;
import packhorse.it.kit.ssh.SshKey;

/// A `packhorse serve` process with more clients than it may have open files, or than it accepts.
@ExtendWith(LeakDetector.class)
final class OpenFileLimitTest {
  private static final int CLIENTS = 300;
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  @TempDir Path folder = Path.of("");

  @Test
  void a_proxy_out_of_descriptors_says_so_and_serves_its_status_pages() throws IOException {
    try (var process = newProcess()) {
      RunningCommand proxy = process.start(limited(process.serveCommand()));
      assertThat(proxy.outputSoFar())
          .contains("the limit of 256 open files (ulimit -n) is too low");
      List<Socket> clients = new ArrayList<>();
      try {
        for (String listener : List.of("http", "ssh")) connect(process.port(listener), clients);
        for (String listener : List.of("http", "ssh")) {
          Await.until(
              "a warning of the listener " + listener, () -> !warnings(proxy, listener).isEmpty());
        }
        for (int i = 0; i < 20; i++) assertThat(readiness(process)).contains("ready");
        for (String listener : List.of("http", "ssh")) {
          assertThat(warnings(proxy, listener))
              .singleElement()
              .asString()
              .contains("the limit of 256 open files (ulimit -n)");
        }
      } finally {
        for (Socket client : clients) client.close();
      }
      try (Socket ssh = new Socket(InetAddress.getLoopbackAddress(), process.port("ssh"))) {
        ssh.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
        assertThat(ssh.getInputStream().read()).isEqualTo('S');
      }
      proxy.signal("TERM");
      proxy.waitFor(Duration.ofSeconds(10)).expectSuccess();
    }
  }

  @Test
  void hundreds_of_clients_connect_while_the_proxy_accepts_none() throws IOException {
    try (var process = newProcess()) {
      RunningCommand proxy = process.start();
      proxy.signal("STOP");
      List<Socket> clients = new ArrayList<>();
      try {
        for (String listener : List.of("http", "ssh")) connect(process.port(listener), clients);
        assertThat(clients).hasSize(2 * CLIENTS);
      } finally {
        for (Socket client : clients) client.close();
      }
    }
  }

  private ProxyProcess newProcess() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    return new ProxyProcess(
        ProxyConfig.in(folder)
            .node("none", "http://127.0.0.1:1")
            .user("alice", SshKey.ed25519(folder, "alice"))
            .pool("probe: none")
            .section("log", "{ level: warn }"));
  }

  private static Command limited(Command command) {
    List<String> argv =
        new ArrayList<>(List.of("bash", "-c", "ulimit -n 256; exec \"$@\"", "bash"));
    argv.addAll(command.argv());
    return Command.of(command.directory(), argv.toArray(String[]::new))
        .env(command.environment())
        .env("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        .timeout(command.timeout());
  }

  private static void connect(int port, List<Socket> clients) throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      Socket client = new Socket();
      clients.add(client);
      client.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
    }
  }

  private static List<String> warnings(RunningCommand proxy, String listener) {
    return proxy
        .outputSoFar()
        .lines()
        .filter(line -> line.contains("cannot accept connections"))
        .filter(line -> line.contains("\"listener\":\"" + listener + "\""))
        .toList();
  }

  private static String readiness(ProxyProcess process) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), process.port("status"))) {
      socket.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
      String request = "GET /readyz HTTP/1.1\r\nHost: status\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
