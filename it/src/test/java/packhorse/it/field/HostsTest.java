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
import packhorse.it.kit.Command;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.SelfSigned;
import packhorse.it.kit.Stage;

/// Which site is meant, the Host alone decides, however it is spelt and whatever TLS was told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class HostsTest {
  private static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  private final Stage stage;
  private final int port;

  HostsTest(@TempDir Path folder) {
    SelfSigned.of("code.test").write(folder, "code");
    stage = Stage.of(folder, 1, HostsTest::twoSites);
    stage.repositories().sample("acme/app");
    port = stage.proxy().port("https");
  }

  private static ProxyText twoSites(ProxyText text) {
    return text.section(
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
  void forget() {
    stage.forget();
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource({
    "CODE.TEST, code.test",
    "code.test., code.test",
    "code.test:443, code.test",
    "LAB.test:8443, lab.test:8443"
  })
  void a_host_in_any_spelling_is_its_site_and_the_node_hears_one(String said, String heard) {
    for (String version : List.of("--http1.1", "--http2")) {
      String url = "https://127.0.0.1:" + port + REFS;
      assertThat(curl(version, "-H", "Host: " + said, url)).isEqualTo("200");
    }
    assertThat(stage.heard(one -> true))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.header("Host")).containsExactly(heard));
  }

  @Test
  void a_name_that_tls_was_not_told_or_told_wrongly_is_no_hindrance() {
    assertThat(curl("-H", "Host: code.test", "https://127.0.0.1:" + port + REFS)).isEqualTo("200");
    String elsewhere = "https://lb.internal:" + port + REFS;
    String way = "lb.internal:" + port + ":127.0.0.1:" + port;
    assertThat(curl("--connect-to", way, "-H", "Host: code.test", elsewhere)).isEqualTo("200");
    assertThat(openssl("-noservername")).contains("CN = code.test").contains("HTTP/1.1 200 OK");
    assertThat(openssl("-servername", "lb.internal")).contains("CN = code.test").contains("200 OK");
  }

  private String openssl(String... name) {
    String request =
        "GET " + REFS + " HTTP/1.1\\r\\nHost: code.test\\r\\nConnection: close\\r\\n\\r\\n";
    String client = "openssl s_client -connect 127.0.0.1:" + port + " " + String.join(" ", name);
    String script = "printf '" + request + "' | " + client + " -ign_eof";
    return Command.of(stage.folder(), "sh", "-c", script).run().stdout();
  }

  private String curl(String... words) {
    var argv = new ArrayList<>(List.of("curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}"));
    argv.addAll(List.of(words));
    return Command.of(stage.folder(), argv.toArray(String[]::new)).run().output();
  }
}
