package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyFixture;

/// The `Host` header alone selects the site, in any spelling and whatever the server name in TLS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class HostHeaderTest {
  private static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  private final ProxyFixture fixture;
  private final int port;

  HostHeaderTest(@TempDir Path folder) {
    SelfSignedCertificate.forNames("code.test").writePem(folder, "code");
    fixture = ProxyFixture.start(folder, 1, HostHeaderTest::twoSites);
    fixture.repositories().sample("acme/app");
    port = fixture.proxy().port("https");
  }

  private static ProxyConfig twoSites(ProxyConfig config) {
    return config
        .section(
            "sites",
            "{ code: { url: \"https://code.test\", ssh: \"code.test:2222\", pool: nodes },"
                + " lab: { url: \"https://lab.test:8443\", pool: nodes } }")
        .listeners(
            """
              https: { address: "127.0.0.1:0", certificate: code.pem, key: code.key }
              ssh: { address: "127.0.0.1:0", host-keys: host-keys/, site: code }
            """);
  }

  @BeforeEach
  void clearRequests() {
    fixture.clearRequests();
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "CODE.TEST, code.test",
    "code.test., code.test",
    "code.test:443, code.test",
    "LAB.test:8443, lab.test:8443"
  })
  void every_spelling_of_a_host_selects_its_site_and_the_node_gets_one(
      String sent, String received) {
    for (String version : List.of("--http1.1", "--http2")) {
      String url = "https://127.0.0.1:" + port + REFS;
      assertThat(curl(version, "-H", "Host: " + sent, url)).isEqualTo("200");
    }
    assertThat(fixture.requests(request -> true))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.header("Host")).containsExactly(received));
  }

  @Test
  void a_missing_or_different_server_name_in_tls_is_accepted() {
    assertThat(curl("-H", "Host: code.test", "https://127.0.0.1:" + port + REFS)).isEqualTo("200");
    String otherHost = "https://lb.internal:" + port + REFS;
    String connectTo = "lb.internal:" + port + ":127.0.0.1:" + port;
    assertThat(curl("--connect-to", connectTo, "-H", "Host: code.test", otherHost))
        .isEqualTo("200");
    assertThat(openssl("-noservername")).contains("CN = code.test").contains("HTTP/1.1 200 OK");
    assertThat(openssl("-servername", "lb.internal")).contains("CN = code.test").contains("200 OK");
  }

  private String openssl(String... name) {
    String request =
        "GET " + REFS + " HTTP/1.1\\r\\nHost: code.test\\r\\nConnection: close\\r\\n\\r\\n";
    String client = "openssl s_client -connect 127.0.0.1:" + port + " " + String.join(" ", name);
    String script = "printf '" + request + "' | " + client + " -ign_eof";
    return Command.of(fixture.folder(), "sh", "-c", script).run().stdout();
  }

  private String curl(String... arguments) {
    var argv = new ArrayList<>(List.of("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}"));
    argv.addAll(List.of(arguments));
    return Command.of(fixture.folder(), argv.toArray(String[]::new)).run().output();
  }
}
