package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.PortAllocator;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.proxy.RunningProxy;

/// Redirects from HTTP to HTTPS, and the form of a public URL.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class HttpsRedirectTest {
  private static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  private final int httpsPort = PortAllocator.allocate();
  private final ProxyFixture fixture;

  HttpsRedirectTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1, this::redirectToHttps);
    fixture.repositories().sample("acme/app");
  }

  private ProxyConfig redirectToHttps(ProxyConfig config) {
    return config
        .section("public-url", "\"https://127.0.0.1:" + httpsPort + "/\"")
        .listeners(
            """
              http: { address: "127.0.0.1:0", redirect: https }
              https: { address: "127.0.0.1:%d", certificate: proxy.pem, key: proxy.key }
              ssh: { address: "127.0.0.1:0", host-keys: host-keys/ }
            """
                .formatted(httpsPort));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void a_redirected_clone_keeps_the_query_and_uses_the_public_port() {
    GitRunner git =
        fixture.git("follows").config("http.sslCAInfo", fixture.folder() + "/proxy.pem");
    String headers = git.program("curl", "-sI", fixture.proxy().httpUrl() + REFS).run().output();
    assertThat(headers).contains("Location: https://127.0.0.1:" + httpsPort + REFS + "\r\n");
    git.run("clone", "-q", fixture.proxy().httpUrl("acme/app"), "work").expectSuccess();
  }

  @Test
  void a_redirected_post_keeps_its_method() {
    String url = fixture.proxy().httpUrl() + "/api/v1/user/repos";
    GitRunner git = fixture.git("posts");
    String statusFormat = "%{http_code}";
    assertThat(
            git.program("curl", "-s", "-o", "/dev/null", "-w", statusFormat, "-d", "a=1", url)
                .run()
                .output())
        .isEqualTo("308");
  }

  @Test
  void a_public_url_with_a_path_is_rejected(@TempDir Path ownFolder) {
    ProxyConfig config =
        ProxyConfig.in(ownFolder)
            .node("one", fixture.node(0).url())
            .section("public-url", "\"https://code.test/git\"");
    assertThatThrownBy(() -> RunningProxy.start(config).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a path is not supported");
  }
}
