package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ports;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.Stage;

/// From http to https, and what a public URL may look like.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class RedirectTest {
  private static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  private final int port = Ports.free();
  private final Stage stage;

  RedirectTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1, this::redirecting);
    stage.repositories().sample("acme/app");
  }

  private ProxyText redirecting(ProxyText text) {
    return text.section("public-url", "\"https://127.0.0.1:" + port + "/\"")
        .listeners(
            """
              http: { address: "127.0.0.1:0", redirect: https }
              https: { address: "127.0.0.1:%d", certificate: proxy.pem, key: proxy.key }
              ssh: { address: "127.0.0.1:0", host-keys: host-keys/ }
            """
                .formatted(port));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void a_clone_follows_with_its_query_once_and_the_public_port() {
    GitRunner git = stage.git("follows").set("http.sslCAInfo", stage.folder() + "/proxy.pem");
    String head = git.program("curl", "-sI", stage.proxy().http() + REFS).run().output();
    assertThat(head).contains("Location: https://127.0.0.1:" + port + REFS + "\r\n");
    git.git("clone", "-q", stage.proxy().http("acme/app"), "work").expectSuccess();
  }

  @Test
  void what_is_no_get_keeps_its_method_or_is_refused() {
    String url = stage.proxy().http() + "/api/v1/user/repos";
    GitRunner git = stage.git("posts");
    String code = "%{http_code}";
    assertThat(
            git.program("curl", "-s", "-o", "/dev/null", "-w", code, "-d", "a=1", url)
                .run()
                .output())
        .isEqualTo("308");
  }

  @Test
  void a_public_url_with_a_path_is_refused_and_a_slash_is_none(@TempDir Path other) {
    ProxyText text =
        ProxyText.in(other)
            .node("one", stage.node(0).url())
            .section("public-url", "\"https://code.test/git\"");
    assertThatThrownBy(() -> RunningProxy.start(text).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a path is not supported");
  }
}
