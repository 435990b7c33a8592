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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Transport;

/// Corner 17: four zeros and nothing else.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class ProbeTest {
  private final Stage stage;

  ProbeTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void the_probe_before_a_large_push_counts_as_no_push() {
    Repository app = stage.repositories().sample("acme/app");
    GitRunner work = stage.cloned(Transport.HTTP1, app.name(), "probe");
    work.commit("large", "0123456789".repeat(2_000));
    stage.forget();
    work.set("http.postBuffer", "1")
        .set("core.compression", "0")
        .git("push", "origin", "HEAD:refs/heads/new")
        .expectSuccess();
    assertThat(stage.heard(SeenRequest::pushPost)).hasSize(2);
    var records = stage.audit(2, "\"operation\":\"write\"", "\"step\":\"exchange\"");
    assertThat(records).filteredOn(line -> line.contains("\"refs_count\":1")).hasSize(1);
    assertThat(records).filteredOn(line -> !line.contains("\"refs\"")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"git-upload-pack", "git-receive-pack"})
  void over_ssh_it_is_a_clean_end_of_which_no_node_hears(String service) throws Exception {
    Repository app = stage.repositories().sample("acme/" + service);
    stage.forget();
    String line = service + " '" + app.name() + "'";
    try (Started ssh = SshTalk.exec(stage.way(), stage.folder(), line)) {
      ssh.stdin().write(new byte[] {'0', '0', '0', '0'});
      ssh.stdin().flush();
      ssh.finish().expectExit(0);
    }
    assertThat(stage.heard(one -> one.method().equals("POST"))).isEmpty();
  }
}
