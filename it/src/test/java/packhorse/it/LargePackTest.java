package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SharedHostKeys;
import packhorse.it.kit.ssh.SshKey;

/// The distribution with a small heap, and packs that are larger than it.
@Tag("counted")
final class LargePackTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final long MAX_MEMORY_KIB = 350 * 1024;

  @TempDir Path folder = Path.of("");

  @Test
  void packs_larger_than_the_heap_are_cloned_and_pushed_over_http_and_ssh() throws IOException {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    int mib = (int) (TestProfile.largePackBytes() >> 20);
    Repository large = repositories.large("acme/large", mib);
    repositories.empty("acme/http");
    repositories.empty("acme/ssh");
    SshKey key = SshKey.ed25519(folder, "key");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      ProxyConfig config = ProxyConfig.in(folder).node("one", node.url()).user("alice", key);
      SharedHostKeys.copyTo(folder.resolve("host-keys"));
      try (var process = new ProxyProcess(config)) {
        RunningCommand proxy =
            process.start(
                process
                    .serveCommand()
                    .env("JAVA_TOOL_OPTIONS", "-Xmx96m -XX:MaxDirectMemorySize=64m"));
        var sshClient =
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), process.port("ssh"), folder.resolve("known_hosts"));
        GitRunner git = GitRunner.in(folder.resolve("client")).timeout(LIMIT).ssh(sshClient);
        git.run("clone", "-q", "--bare", process.httpUrl("acme/large"), "a").expectSuccess();
        git.run("clone", "-q", "--bare", process.sshUrl("acme/large"), "b").expectSuccess();
        git.at("a").run("push", "-q", process.httpUrl("acme/http"), "main").expectSuccess();
        git.at("b").run("push", "-q", process.sshUrl("acme/ssh"), "main").expectSuccess();
        assertThat(repositories.open("acme/http").id("main")).isEqualTo(large.id("main"));
        assertThat(repositories.open("acme/ssh").id("main")).isEqualTo(large.id("main"));
        assertThat(peakMemoryKib(proxy.pid())).isLessThan(MAX_MEMORY_KIB);
      }
    }
  }

  private static long peakMemoryKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
