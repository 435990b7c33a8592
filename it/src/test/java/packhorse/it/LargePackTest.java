package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Served;
import packhorse.it.kit.SharedHostKeys;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Started;

/// The distribution in a small memory, and packs that are larger than it.
@Tag("counted")
final class LargePackTest {
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
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      ProxyText text = ProxyText.in(folder).node("one", node.url()).user("alice", key);
      SharedHostKeys.copyTo(folder.resolve("host-keys"));
      try (var served = new Served(text)) {
        Started proxy =
            served.start(
                served.command().env("JAVA_TOOL_OPTIONS", "-Xmx96m -XX:MaxDirectMemorySize=64m"));
        var way =
            SshWay.trusting(key.privateKey(), served.port("ssh"), folder.resolve("known_hosts"));
        GitRunner git = GitRunner.in(folder.resolve("client")).limit(LIMIT).ssh(way);
        git.git("clone", "-q", "--bare", served.http("acme/large"), "a").expectSuccess();
        git.git("clone", "-q", "--bare", served.ssh("acme/large"), "b").expectSuccess();
        git.at("a").git("push", "-q", served.http("acme/http"), "main").expectSuccess();
        git.at("b").git("push", "-q", served.ssh("acme/ssh"), "main").expectSuccess();
        assertThat(repositories.open("acme/http").id("main")).isEqualTo(large.id("main"));
        assertThat(repositories.open("acme/ssh").id("main")).isEqualTo(large.id("main"));
        assertThat(peakKib(proxy.pid())).isLessThan(MOST_KIB);
      }
    }
  }

  private static long peakKib(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
