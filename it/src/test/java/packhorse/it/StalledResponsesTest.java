package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
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

  private ProxyFixture start() {
    ProxyFixture fixture =
        ProxyFixture.start(
            folder,
            1,
            config -> config.pool("probe: { interval: 100ms, timeout: 200ms, down-after: 2 }"));
    fixture.repositories().sample("acme/app");
    return fixture;
  }

  private static void awaitBytes(ProxyFixture fixture) {
    Await.until(
        "the response has begun",
        () -> !fixture.requests(request -> request.responseBytes() == BYTES).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_read_is_cut_off_when_its_node_is_down(GitTransport transport) {
    try (ProxyFixture fixture = start()) {
      fixture.node(0).fail(100, RecordedRequest::isUploadPackPost, new Fault.Stall(BYTES));
      GitRunner git = fixture.configure(transport, fixture.git("client"));
      try (RunningCommand fetch =
          git.command("clone", fixture.url(transport, "acme/app"), "app").start()) {
        awaitBytes(fixture);
        fixture.node(0).pause();
        fetch.waitFor(LIMIT).expectFailure();
      }
      fixture.awaitAuditRecords(1, "\"outcome\":\"truncated\"", "went down while it was silent");
    }
  }

  @Test
  void a_node_that_is_up_may_be_silent() {
    try (ProxyFixture fixture = start()) {
      fixture.node(0).fail(100, RecordedRequest::isUploadPackPost, new Fault.Stall(BYTES));
      GitRunner git = fixture.configure(GitTransport.HTTP1, fixture.git("client"));
      try (RunningCommand fetch =
          git.command("clone", fixture.url(GitTransport.HTTP1, "acme/app"), "app").start()) {
        awaitBytes(fixture);
        assertThat(Await.holdsWithin(Duration.ofMillis(1_500), () -> !fetch.isAlive())).isFalse();
        fixture.node(0).resume();
        fetch.waitFor(LIMIT).expectFailure();
      }
    }
  }
}
