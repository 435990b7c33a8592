package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// A node that is frozen in the middle of its response. Its clients need not wait until
/// `timeouts.stall` if probes find out that the node is down.
@ExtendWith(LeakDetector.class)
final class StalledResponsesTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long BYTES = 700;

  @TempDir Path folder = Path.of("");

  private ProxyFixture start(int nodes) {
    ProxyFixture fixture =
        ProxyFixture.start(
            folder,
            nodes,
            config -> config.pool("probe: { interval: 100ms, timeout: 200ms, down-after: 2 }"));
    fixture.repositories().sample("acme/app");
    return fixture;
  }

  private static void awaitBytes(ProxyFixture fixture) {
    Await.until(
        "the response has begun",
        () -> fixture.nodes().stream().anyMatch(StalledResponsesTest::hasBegun));
  }

  private static boolean hasBegun(PlainNode node) {
    return !node.requests(request -> request.responseBytes() == BYTES).isEmpty();
  }

  private static void stallPacks(PlainNode node) {
    node.fail(100, RecordedRequest::isUploadPackPost, new Fault.Stall(BYTES));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_read_is_cut_off_when_its_node_is_down(GitTransport transport) {
    try (ProxyFixture fixture = start(2)) {
      fixture.nodes().forEach(StalledResponsesTest::stallPacks);
      GitRunner git = fixture.configure(transport, fixture.git("client"));
      try (RunningCommand fetch =
          git.command("clone", fixture.url(transport, "acme/app"), "app").start()) {
        awaitBytes(fixture);
        for (PlainNode node : fixture.nodes()) if (hasBegun(node)) node.pause();
        fetch.waitFor(LIMIT).expectFailure();
      }
      fixture.awaitAuditRecords(1, "\"outcome\":\"truncated\"", "went down while it was silent");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_node_that_is_up_or_the_only_one_may_be_silent(boolean down) {
    try (ProxyFixture fixture = start(1)) {
      stallPacks(fixture.node(0));
      GitRunner git = fixture.configure(GitTransport.HTTP1, fixture.git("client"));
      try (RunningCommand fetch =
          git.command("clone", fixture.url(GitTransport.HTTP1, "acme/app"), "app").start()) {
        awaitBytes(fixture);
        if (down) fixture.node(0).pause();
        assertThat(Await.holdsWithin(Duration.ofMillis(1_500), () -> !fetch.isAlive())).isFalse();
        fixture.node(0).resume();
        fetch.waitFor(LIMIT).expectFailure();
      }
    }
  }
}
