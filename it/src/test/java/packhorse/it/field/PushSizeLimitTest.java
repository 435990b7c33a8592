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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyFixture;

/// A push over the size limit is refused with the limit, while it is still being sent, over every
/// transport.
@Tag("counted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class PushSizeLimitTest {
  private final ProxyFixture fixture;

  PushSizeLimitTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1, config -> config.section("limits", "{ push: 1MiB }"));
  }

  @AfterAll
  void stop() {
    fixture.close();
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
  void a_push_over_the_limit_is_refused_with_the_limit(GitTransport transport, String buffer)
      throws IOException {
    String name = "limit/" + transport + buffer;
    Repository app = fixture.repositories().sample(name);
    GitRunner clone = fixture.gitClone(transport, name, "limit-" + transport + buffer);
    byte[] content = new byte[TestProfile.pick(6, 60) << 20];
    new Random(5).nextBytes(content);
    Files.write(clone.directory().resolve("random"), content);
    clone.run("add", "random").expectSuccess();
    clone.run("commit", "-q", "-m", "Add random data").expectSuccess();
    CommandResult result =
        clone
            .config("http.postBuffer", buffer)
            .config("pack.compression", "0")
            .run("push", "origin", "HEAD:refs/heads/large")
            .expectExit(1);
    assertThat(result.stderr())
        .contains("[remote rejected]", "1048576 bytes", "(decision ")
        .doesNotContain("curl", "roken pipe");
    assertThat(app.refs()).doesNotContainKey("refs/heads/large");
  }
}
