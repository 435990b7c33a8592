package packhorse.it.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.client.SshClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.SharedHostKeys;
import packhorse.it.kit.ssh.SshKey;

/// A `packhorse serve` process with a small heap, under clients that make it hold as much as they
/// can: it lives, and the clones of other clients pass. The property `packhorse.attack-seconds`
/// sets how long each attack lasts; the figures are in the output of the test.
@ExtendWith(LeakDetector.class)
final class MemoryAttackTest {
  private static final Duration ATTACK =
      Optional.ofNullable(Integer.getInteger("packhorse.attack-seconds"))
          .map(Duration::ofSeconds)
          .orElse(Duration.ofMillis(TestProfile.pick(500, 7_500)));

  @TempDir Path folder = Path.of("");
  private SshKey key;
  private PlainNode node;
  private int clones;

  @BeforeEach
  void startNode() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    key = SshKey.ed25519(folder, "alice");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  @Test
  void the_smallest_heap_survives_every_attack() throws IOException {
    survivesEveryAttack("-Xmx96m");
  }

  @Test
  @Tag("counted")
  void a_larger_heap_survives_every_attack() throws IOException {
    if (TestProfile.isThorough()) survivesEveryAttack("-Xmx256m");
  }

  @Test
  void a_heap_that_is_too_small_is_refused() {
    try (var process = new ProxyProcess(ProxyConfig.in(folder).node("one", node.url()))) {
      CommandResult result =
          process.serveCommand().env("JAVA_TOOL_OPTIONS", "-Xmx48m").run().expectExit(1);
      assertThat(result.stderr()).contains("is too small: serve needs -Xmx96m or more");
    }
  }

  private void survivesEveryAttack(String heap) throws IOException {
    ProxyConfig config =
        ProxyConfig.in(folder).node("one", node.url()).pool("probe: none").user("alice", key);
    try (var process = new ProxyProcess(config);
        SshClient ssh = SshAttack.newClient()) {
      RunningCommand proxy =
          process.start(
              process.serveCommand().env("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 " + heap));
      int http = process.port("http");
      for (HttpAttack attack : HttpAttack.values()) {
        int connections = attack == HttpAttack.HEADS ? 400 : 24;
        survives(attack.name(), proxy, process, connections, Attackers.http(http, attack));
      }
      survives("HTTP/2", proxy, process, 12, Attackers.http2(http));
      survives(
          "SSH",
          proxy,
          process,
          4,
          open -> SshAttack.run(ssh, process.port("ssh"), key.privateKey()));
      proxy.signal("TERM");
      proxy.waitFor(Duration.ofSeconds(30)).expectSuccess();
    }
  }

  private void survives(
      String what,
      RunningCommand proxy,
      ProxyProcess process,
      int connections,
      Attackers.Connection connection)
      throws IOException {
    int clonesBefore = clones;
    long end = System.nanoTime() + ATTACK.toNanos();
    try (Attackers attackers = Attackers.start(connections, connection)) {
      do {
        cloneRepository(what, process);
      } while (System.nanoTime() - end < 0);
      assertThat(proxy.isAlive()).as("%s, %d ended", what, attackers.ended()).isTrue();
      System.out.printf(
          "%s: %d clones, %d attacking connections ended, %d bytes held, peak %s%n",
          what, clones - clonesBefore, attackers.ended(), heldBytes(process), peakRss(proxy));
    }
    Await.until("everything is returned after " + what, () -> heldBytes(process) == 0);
  }

  private void cloneRepository(String what, ProxyProcess process) {
    GitRunner git = GitRunner.in(folder.resolve("clones"));
    CommandResult result = git.run("clone", "-q", process.httpUrl("acme/app"), "clone-" + clones++);
    assertThat(result.exitStatus()).as("a clone during %s: %s", what, result).isZero();
  }

  private static String peakRss(RunningCommand proxy) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(proxy.pid()), "status"))) {
      return lines.filter(line -> line.startsWith("VmHWM")).findFirst().orElse("unknown");
    }
  }

  private long heldBytes(ProxyProcess process) {
    String url = "http://127.0.0.1:" + process.port("status") + "/metrics";
    return Command.of(folder, "curl", "-s", "--max-time", "10", url)
        .run()
        .stdout()
        .lines()
        .filter(line -> line.startsWith("packhorse_memory_requests "))
        .mapToLong(line -> (long) Double.parseDouble(line.split(" ", 2)[1]))
        .findFirst()
        .orElse(-1);
  }
}
