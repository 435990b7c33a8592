package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Transport;

/// A push over the limit is told the limit, while it is still being sent, over every transport.
@Tag("counted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class PushOverTheLimitTest {
  private final Stage stage;

  PushOverTheLimitTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1, text -> text.section("limits", "{ push: 1MiB }"));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP1, 1048576",
    "HTTP1, 200000000",
    "H2C, 1048576",
    "H2_TLS, 1048576",
    "H2_TLS, 200000000",
    "SSH, 1048576"
  })
  void the_limit_is_named_and_nothing_breaks(Transport transport, String buffer)
      throws IOException {
    String name = "limit/" + transport + buffer;
    Repository app = stage.repositories().sample(name);
    GitRunner work = stage.cloned(transport, name, "limit-" + transport + buffer);
    byte[] noise = new byte[Sizes.pick(6, 60) << 20];
    new Random(5).nextBytes(noise);
    Files.write(work.directory().resolve("noise"), noise);
    work.git("add", "noise").expectSuccess();
    work.git("commit", "-q", "-m", "Noise").expectSuccess();
    Ran ran =
        work.set("http.postBuffer", buffer)
            .set("pack.compression", "0")
            .git("push", "origin", "HEAD:refs/heads/large")
            .expectExit(1);
    assertThat(ran.stderr())
        .contains("[remote rejected]", "1048576 bytes", "(decision ")
        .doesNotContain("curl", "roken pipe");
    assertThat(app.refs()).doesNotContainKey("refs/heads/large");
  }
}
