package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// A request that consists of a single flush packet: corner 17 of `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class ProbeRequestTest {
  private final ProxyFixture fixture;

  ProbeRequestTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void the_probe_request_before_a_large_push_is_not_recorded_as_a_push() {
    Repository app = fixture.repositories().sample("acme/app");
    GitRunner clone = fixture.gitClone(GitTransport.HTTP1, app.name(), "probe");
    clone.commit("large", "0123456789".repeat(2_000));
    fixture.clearRequests();
    clone
        .config("http.postBuffer", "1")
        .config("core.compression", "0")
        .run("push", "origin", "HEAD:refs/heads/new")
        .expectSuccess();
    assertThat(fixture.requests(RecordedRequest::isReceivePackPost)).hasSize(2);
    var records = fixture.awaitAuditRecords(2, "\"operation\":\"write\"", "\"step\":\"exchange\"");
    assertThat(records).filteredOn(record -> record.contains("\"refs_count\":1")).hasSize(1);
    assertThat(records).filteredOn(record -> !record.contains("\"refs\"")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"git-upload-pack", "git-receive-pack"})
  void a_single_flush_over_ssh_ends_cleanly_without_a_request_to_a_node(String service)
      throws Exception {
    Repository app = fixture.repositories().sample("acme/" + service);
    fixture.clearRequests();
    String command = service + " '" + app.name() + "'";
    try (RunningCommand ssh = fixture.sshClient().exec(fixture.folder(), command)) {
      ssh.stdin().write(new byte[] {'0', '0', '0', '0'});
      ssh.stdin().flush();
      ssh.waitFor().expectExit(0);
    }
    assertThat(fixture.requests(request -> request.method().equals("POST"))).isEmpty();
  }
}
