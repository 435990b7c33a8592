package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Await;
import packhorse.it.kit.Command;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Started;

/// The distribution in a small memory, and packs that are larger than it.
final class LargePackTest {
  private static final Path PROGRAM =
      Path.of("../deploy/target/packhorse/bin/packhorse").toAbsolutePath().normalize();
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long MOST_KIB = 350 * 1024;

  @TempDir Path folder = Path.of("");

  @Test
  void packs_larger_than_the_heap_are_cloned_and_pushed_over_http_and_ssh() throws IOException {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    int mib = (int) (Sizes.largePack() >> 20);
    Repository large = repositories.large("acme/large", mib);
    repositories.empty("acme/http");
    repositories.empty("acme/ssh");
    SshKey key = SshKey.ed25519(folder, "key");
    int ssh = freePort();
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      ProxyText text = ProxyText.in(folder).node("one", node.url()).user("alice", key);
      text.listeners(
          "  http: { address: \"127.0.0.1:%d\" }\n  ssh: { address: \"127.0.0.1:%d\", host-keys: host-keys/ }"
              .formatted(text.httpPort(), ssh));
      try (Started proxy = serve(text)) {
        String http = "http://127.0.0.1:" + text.httpPort() + "/";
        String overSsh = "ssh://git@127.0.0.1:" + ssh + "/";
        GitRunner git =
            GitRunner.in(folder.resolve("client"))
                .limit(LIMIT)
                .ssh(SshWay.trusting(key.privateKey(), ssh, folder.resolve("known_hosts")));
        git.git("clone", "-q", "--bare", http + "acme/large.git", "a").expectSuccess();
        git.git("clone", "-q", "--bare", overSsh + "acme/large.git", "b").expectSuccess();
        git.at("a").git("push", "-q", http + "acme/http.git", "main").expectSuccess();
        git.at("b").git("push", "-q", overSsh + "acme/ssh.git", "main").expectSuccess();
        assertThat(repositories.open("acme/http").id("main")).isEqualTo(large.id("main"));
        assertThat(repositories.open("acme/ssh").id("main")).isEqualTo(large.id("main"));
        assertThat(peakKib(proxy.pid())).isLessThan(MOST_KIB);
      }
    }
  }

  private Started serve(ProxyText text) {
    Started proxy =
        Command.of(folder, PROGRAM.toString(), "serve", text.write().toString())
            .env("JAVA_TOOL_OPTIONS", "-Xmx96m -XX:MaxDirectMemorySize=64m")
            .limit(LIMIT)
            .start();
    Await.until("the proxy listens", () -> listens(text.httpPort()) || !proxy.alive());
    assertThat(proxy.alive()).as(proxy.errorsSoFar()).isTrue();
    return proxy;
  }

  private static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static long peakKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
