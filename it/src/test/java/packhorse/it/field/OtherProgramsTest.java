package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.proxy.ProxyFixture;

/// Programs other than git that send requests to the proxy: load balancers, monitoring, tools that
/// look for files of their own; and git that takes the proxy for a forward proxy.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class OtherProgramsTest {
  private final ProxyFixture fixture;

  OtherProgramsTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
    fixture.repositories().sample("acme/app");
  }

  @BeforeEach
  void clearRequests() {
    fixture.clearRequests();
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void git_that_takes_the_proxy_for_a_forward_proxy_reads_repositories_of_its_sites_only() {
    GitRunner git =
        fixture
            .configure(GitTransport.HTTP1, fixture.git("forward"))
            .config("http.proxy", fixture.proxy().httpUrl())
            .env("NO_PROXY", "")
            .env("no_proxy", "");
    git.run("ls-remote", fixture.proxy().httpUrl("acme/app")).expectSuccess();
    fixture.clearRequests();
    assertThat(git.run("ls-remote", "http://other.test/acme/app.git").expectExit(128).stderr())
        .contains("421");
    git.run("ls-remote", "https://other.test/acme/app.git").expectExit(128);
    assertThat(fixture.requests(request -> true)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http, OPTIONS /metrics HTTP/1.0, 404",
    "http, GET /metrics HTTP/1.0, 404",
    "status, OPTIONS / HTTP/1.0, 405",
    "status, GET /readyz HTTP/1.0, 200",
    "status, HEAD /readyz HTTP/1.0, 200",
    "status, GET /healthz HTTP/1.0, 200"
  })
  void a_health_check_without_a_host_is_answered(String listener, String line, int status) {
    try (var client = RawClient.connect(fixture.proxy().port(listener))) {
      String response = client.send(line + "\r\n\r\n").readAllText();
      assertThat(response)
          .matches("(?s)HTTP/1\\.[01] " + status + " .*")
          .contains("Content-Type: text/plain; charset=utf-8\r\n");
      assertThat(response.endsWith("\r\n\r\n")).isEqualTo(line.startsWith("HEAD"));
    }
  }

  @Test
  void meters_have_a_content_type_that_every_scraper_accepts() {
    String accept =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2";
    RawMessage response =
        send("status", "GET /metrics HTTP/1.1\r\nHost: status\r\nAccept: " + accept + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).containsExactly("text/plain; charset=utf-8");
    assertThat(response.bodyText()).contains("# TYPE packhorse_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".git/config", ".git/HEAD", ".git/hooks/update", ".git/packed-refs", "/HEAD"})
  void a_file_that_is_not_gits_is_refused_in_words(String file) {
    String host = "127.0.0.1:" + fixture.proxy().port("http");
    RawMessage response =
        send("http", "GET /acme/app" + file + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(404);
    assertThat(response.header("Content-Type")).containsExactly("text/plain; charset=utf-8");
    assertThat(response.bodyText()).contains("(decision ");
    assertThat(fixture.requests(request -> true)).isEmpty();
  }

  private RawMessage send(String listener, String request) {
    try (var client = RawClient.connect(fixture.proxy().port(listener))) {
      return client.send(request).readResponse().orElseThrow();
    }
  }
}
