package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.RunningProxy;

/// Who a client is, and which rules apply to it: threats F2 to F5 of `docs/threats.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class IdentitiesTest {
  private static final List<String> SERVICES =
      List.of("git-upload-pack", "git-receive-pack", "git-upload-archive");
  private static final String NO_OBJECT = "0".repeat(40);
  private static final String ALICE = VerifyingProxy.as("alice");

  private final SelfSignedCertificate certificate = SelfSignedCertificate.forLoopback();
  private VerifyingProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    proxy = new VerifyingProxy(folder, certificate);
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @BeforeEach
  void clearRequests() {
    proxy.clearNodeRequests();
  }

  @Test
  void nothing_inside_a_push_says_who_pushes() {
    String certificate =
        MonitoredProxy.pkt("push-cert\0report-status push-options agent=mallory\n")
            + MonitoredProxy.pkt("certificate version 0.1\n")
            + MonitoredProxy.pkt("pusher mallory <mallory@example.org> 1700000000 +0000\n")
            + MonitoredProxy.pkt("push-option user=mallory\n")
            + MonitoredProxy.pkt("\n")
            + MonitoredProxy.pkt(deletion("refs/heads/certified") + "\n")
            + MonitoredProxy.pkt("-----BEGIN SSH SIGNATURE-----\n")
            + MonitoredProxy.pkt("-----END SSH SIGNATURE-----\n")
            + MonitoredProxy.pkt("push-cert-end\n")
            + "0000"
            + MonitoredProxy.pkt("user=mallory")
            + "0000"
            + CommitPack.by("mallory <mallory@example.org>");
    String request = proxy.post("/acme/app.git/git-receive-pack", certificate, ALICE);
    assertThat(proxy.send(request).bodyText()).contains("unpack ok");
    assertThat(proxy.nodeRequests()).hasSize(1);
    assertThat(proxy.nodeRequests().getFirst().header(VerifyingProxy.IDENTITY))
        .containsExactly("alice");
    Await.until("the record", () -> !records("refs/heads/certified").isEmpty());
    assertThat(records("refs/heads/certified"))
        .allMatch(line -> line.contains("\"user\":\"alice\"") && !line.contains("\"mallory"));
  }

  @Test
  void the_advertisement_for_a_push_needs_a_permit() throws IOException {
    String path = "/acme/app.git/info/refs?service=git-receive-pack";
    assertThat(proxy.send(proxy.get(path)).status()).isEqualTo(401);
    assertThat(proxy.send(proxy.get(path, VerifyingProxy.as("carol"))).status()).isEqualTo(403);
    assertThat(proxy.nodeRequests()).isEmpty();
    assertThat(exec("carol", "git-receive-pack 'acme/app.git'")).contains("(decision ");
    assertThat(proxy.nodeRequests()).isEmpty();
    assertThat(proxy.send(proxy.get(path, ALICE)).status()).isEqualTo(200);
    assertThat(exec("alice", "git-receive-pack 'acme/app.git'")).contains(MonitoredProxy.TIP);
    assertThat(proxy.nodeRequests()).hasSize(2);
  }

  @Test
  void every_way_to_a_repository_leads_to_the_same_rule() throws IOException {
    int http = proxy.port("http");
    for (String host : List.of("127.0.0.1:" + http, "localhost:" + http, "LOCALHOST.:" + http)) {
      try (var client = RawClient.connect(http)) {
        assertAllRefused(client, host);
      }
    }
    try (var client = RawClient.connectTls(proxy.port("https"), certificate)) {
      assertAllRefused(client, "127.0.0.1");
    }
    for (String service : SERVICES) {
      for (String path : paths()) {
        assertThat(exec("alice", service + " '" + path + "'"))
            .as("%s %s", service, path)
            .contains("(decision ");
      }
    }
    assertThat(proxy.nodeRequests()).isEmpty();
    assertThat(exec("alice", "git-upload-pack 'acme/app.git'")).contains(MonitoredProxy.TIP);
  }

  private static List<String> paths() {
    return List.of(
        "secret/app",
        "/secret/app.git",
        "secret/app.git/",
        "secret/app/.git",
        "secret/app.wiki.git",
        "secret/deep/app");
  }

  private void assertAllRefused(RawClient client, String host) {
    for (String request : requests()) {
      client.send(withHost(request, host));
      assertThat(client.readResponse().orElseThrow().bodyText())
          .as("%s %s", host, request)
          .contains("(decision ");
    }
    assertThat(proxy.nodeRequests()).isEmpty();
    // The same way leads to other repositories.
    client.send(withHost(proxy.get("/acme/app.git/HEAD", ALICE), host));
    assertThat(client.readResponse().orElseThrow().status()).as(host).isEqualTo(200);
    proxy.clearNodeRequests();
  }

  private List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (String path : paths()) {
      String base = (path.startsWith("/") ? path : "/" + path).replaceFirst("/$", "");
      for (String service : SERVICES) {
        requests.add(proxy.get(base + "/info/refs?service=" + service, ALICE));
        requests.add(proxy.post(base + "/" + service, "0000", ALICE));
      }
      for (String file : List.of("HEAD", "info/refs", "objects/info/packs", "any/page", "HEAD?a")) {
        requests.add(proxy.get(base + "/" + file, ALICE));
      }
    }
    return requests;
  }

  @Test
  void no_refusal_names_a_folder_or_the_address_of_a_node(@TempDir Path folder) throws IOException {
    int unused = proxy.port("https");
    String nodeUrl = "http://127.0.0.1:" + unused + "/internal-prefix";
    List<String> refusals = new ArrayList<>();
    try (RunningProxy down = RunningProxy.start(VerifyingProxy.config(folder, nodeUrl))) {
      for (String request :
          List.of(
              proxy.get("/acme/app.git/info/refs?service=git-upload-pack", ALICE),
              proxy.post("/acme/app.git/git-upload-pack", "0000", ALICE),
              proxy.post("/acme/app.git/git-receive-pack", "0000", ALICE),
              proxy.get("/secret/app.git/info/refs?service=git-upload-pack", ALICE),
              proxy.get("/acme/../app.git/info/refs?service=git-upload-pack"),
              proxy.get("/acme/app.git/info/lfs/locks", ALICE))) {
        String local = withHost(request, "127.0.0.1:" + down.port("http"));
        try (var client = RawClient.connect(down.port("http"))) {
          refusals.add(client.send(local).readResponse().orElseThrow().toString());
        }
      }
      for (String service : List.of("git-upload-pack", "git-receive-pack")) {
        for (String path : List.of("acme/app", "secret/app", "acme/../app", "acme/app.git/x/")) {
          refusals.add(VerifyingProxy.exec(down, "alice", service + " '" + path + "'"));
        }
      }
    }
    assertThat(refusals)
        .allSatisfy(refusal ->
            assertThat(refusal)
                .contains("(decision ")
                .doesNotContain("internal-prefix", ":" + unused, folder.toString(), "Exception"));
  }

  /// Returns what a command over SSH writes.
  private String exec(String user, String line) throws IOException {
    return VerifyingProxy.exec(proxy.runningProxy(), user, line);
  }

  private static String withHost(String request, String host) {
    return request.replaceFirst("Host: .*", "Host: " + host);
  }

  private List<String> records(String text) {
    return VerifyingProxy.records(proxy.runningProxy(), text);
  }

  private static String deletion(String ref) {
    return MonitoredProxy.TIP + " " + NO_OBJECT + " " + ref;
  }
}
