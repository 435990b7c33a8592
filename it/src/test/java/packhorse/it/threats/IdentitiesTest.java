package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.identity.TokenHash;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.SshKey;

/// Who a client is, and which rules apply to it: threats F1 to F6 of `docs/threats.md`. The proxy
/// verifies all clients and names them to the node in a header.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class IdentitiesTest {
  private static final String IDENTITY = "X-WEBAUTH-USER";
  private static final String SECRET = "a-value-that-nobody-records";
  private static final List<String> SERVICES =
      List.of("git-upload-pack", "git-receive-pack", "git-upload-archive");
  private static final String NO_OBJECT = "0".repeat(40);
  private static final int PUSHES = TestProfile.pick(150, 1_000);

  private static final String POLICY =
      "[ { deny: [ all ], repositories: [ \"secret/**\" ] }, { allow: [ read ], groups: [ readers ]"
          + " }, { allow: [ all ], groups: [ writers ] }, { deny: [ all ] } ]";

  private final List<RawMessage> nodeRequests = new CopyOnWriteArrayList<>();
  private final SelfSignedCertificate certificate = SelfSignedCertificate.forLoopback();
  private SshKey aliceKey;
  private SshKey carolKey;
  private RecordingNode node;
  private RunningProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    aliceKey = SshKey.ed25519(folder, "alice");
    carolKey = SshKey.ed25519(folder, "carol");
    node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
    ProxyConfig config = config(folder, node.url()).pool("dumb-http: true");
    certificate.writePem(folder, "proxy");
    proxy = RunningProxy.start(config);
  }

  private static ProxyConfig config(Path folder, String nodeUrl) throws IOException {
    ProxyConfig config =
        ProxyConfig.in(folder)
            .node("one", nodeUrl)
            .pool("authentication: proxy")
            .pool("act-as: { header: " + IDENTITY + " }")
            .section(
                "groups",
                "{ writers: [ \"user:alice\", \"user:bob\" ], readers: [ \"user:carol\" ] }")
            .section("policy", POLICY);
    for (String user : List.of("alice", "bob", "carol")) {
      Path hash = folder.resolve(user + ".hash");
      Files.writeString(hash, TokenHash.of("token of " + user).encoded() + "\n");
      String keys = user.equals("bob") ? "" : ", keys: [ { file: " + user + ".pub } ]";
      config.user(user, "tokens: [ { file: " + user + ".hash } ]" + keys);
    }
    return config;
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  @BeforeEach
  void clearRequests() {
    nodeRequests.clear();
  }

  private void respond(RawMessage request, ServerConnection connection) throws IOException {
    nodeRequests.add(request);
    String service = request.startLine().contains("receive-pack") ? "receive" : "upload";
    boolean advertisement = request.startLine().contains("/info/refs");
    String kind = advertisement ? "advertisement" : "result";
    String body = service.equals("upload") ? "0008NAK\n" : "000eunpack ok\n0000";
    if (advertisement) {
      String capabilities = "report-status delete-refs promisor-remote=name=x,token=" + SECRET;
      body =
          MonitoredProxy.pkt("# service=git-" + service + "-pack\n")
              + "0000"
              + MonitoredProxy.pkt(MonitoredProxy.TIP + " refs/heads/main\0" + capabilities + "\n")
              + "0000";
    }
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-" + service + "-pack-" + kind + "\r\n";
    connection.respond(head, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Tag("counted")
  @Test
  void pushes_of_two_people_at_once_arrive_as_two_people() throws InterruptedException {
    pushAsTwoPeople(proxy);
    for (RawMessage request : nodeRequests) {
      assertThat(request.header("Authorization")).isEmpty();
      assertThat(request.bodyText())
          .contains("refs/heads/of-" + request.header(IDENTITY).getFirst());
    }
    for (String user : List.of("alice", "bob")) {
      assertThat(awaitRecords(proxy, "refs/heads/of-" + user))
          .allMatch(line -> line.contains("\"user\":\"" + user + "\""));
    }
  }

  @Tag("counted")
  @Test
  void pushes_at_once_arrive_with_the_credential_of_their_own_client(@TempDir Path folder)
      throws InterruptedException {
    ProxyConfig config = ProxyConfig.in(folder).node("one", node.url());
    try (RunningProxy forwarding = RunningProxy.start(config.pool("authentication: node"))) {
      pushAsTwoPeople(forwarding);
      for (String user : List.of("alice", "bob")) {
        assertThat(nodeRequests)
            .filteredOn(request -> request.bodyText().contains("refs/heads/of-" + user))
            .hasSize(PUSHES)
            .allMatch(request -> request.head().contains(as(user) + "\r\n"));
        assertThat(awaitRecords(forwarding, "refs/heads/of-" + user))
            .allMatch(line -> line.contains("\"claimed\":\"" + user.substring(0, 3)));
      }
    }
  }

  private void pushAsTwoPeople(RunningProxy through) throws InterruptedException {
    List<Thread> people =
        List.of("alice", "bob").stream()
            .map(user -> Thread.ofVirtual().start(() -> push(through, user)))
            .toList();
    for (Thread person : people) person.join();
    assertThat(nodeRequests).hasSize(2 * PUSHES);
  }

  private void push(RunningProxy through, String user) {
    String body =
        MonitoredProxy.pkt(deletion("refs/heads/of-" + user) + "\0report-status\n") + "0000";
    String request = post("/acme/" + user + ".git/git-receive-pack", body, as(user));
    try (var client = RawClient.connect(through.port("http"))) {
      for (int i = 0; i < PUSHES; i++) {
        client.send(withHost(request, "127.0.0.1:" + through.port("http")));
        assertThat(client.readResponse().orElseThrow().bodyText()).contains("unpack ok");
      }
    }
  }

  private static List<String> awaitRecords(RunningProxy of, String ref) {
    Await.until("the records", () -> records(of, ref).size() == PUSHES);
    return records(of, ref);
  }

  private static List<String> records(RunningProxy of, String text) {
    return of.auditRecords().stream().filter(line -> line.contains(text)).toList();
  }

  private List<String> records(String text) {
    return records(proxy, text);
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
    String request = post("/acme/app.git/git-receive-pack", certificate, as("alice"));
    assertThat(send(request).bodyText()).contains("unpack ok");
    assertThat(nodeRequests).hasSize(1);
    assertThat(nodeRequests.getFirst().header(IDENTITY)).containsExactly("alice");
    Await.until("the record", () -> !records("refs/heads/certified").isEmpty());
    assertThat(records("refs/heads/certified"))
        .allMatch(line -> line.contains("\"user\":\"alice\"") && !line.contains("\"mallory"));
  }

  @Test
  void the_advertisement_for_a_push_needs_a_permit() throws IOException {
    String path = "/acme/app.git/info/refs?service=git-receive-pack";
    assertThat(send(get(path)).status()).isEqualTo(401);
    assertThat(send(get(path, as("carol"))).status()).isEqualTo(403);
    assertThat(nodeRequests).isEmpty();
    assertThat(exec(proxy, carolKey, "git-receive-pack 'acme/app.git'")).contains("(decision ");
    assertThat(nodeRequests).isEmpty();
    assertThat(send(get(path, as("alice"))).status()).isEqualTo(200);
    assertThat(exec(proxy, aliceKey, "git-receive-pack 'acme/app.git'"))
        .contains(MonitoredProxy.TIP);
    assertThat(nodeRequests).hasSize(2);
  }

  /// Returns what a command over SSH writes.
  private static String exec(RunningProxy on, SshKey key, String line) throws IOException {
    try (var client = new HostileSshClient(on.port("ssh"));
        ClientSession connection = client.connect()) {
      var pair = List.of(HostileSshClient.loadKeyPair(key));
      assertThat(HostileSshClient.authenticate(connection, pair)).isTrue();
      return HostileSshClient.exec(connection, line, Map.of());
    }
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
        assertThat(exec(proxy, aliceKey, service + " '" + path + "'"))
            .as("%s %s", service, path)
            .contains("(decision ");
      }
    }
    assertThat(nodeRequests).isEmpty();
    assertThat(send(get("/acme/app.git/HEAD", as("alice"))).status()).isEqualTo(200);
    assertThat(nodeRequests).hasSize(1);
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
  }

  private List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (String path : paths()) {
      String base = (path.startsWith("/") ? path : "/" + path).replaceFirst("/$", "");
      for (String service : SERVICES) {
        requests.add(get(base + "/info/refs?service=" + service, as("alice")));
        requests.add(post(base + "/" + service, "0000", as("alice")));
      }
      for (String file : List.of("HEAD", "info/refs", "objects/info/packs", "any/page", "HEAD?a")) {
        requests.add(get(base + "/" + file, as("alice")));
      }
    }
    return requests;
  }

  @Test
  void no_refusal_names_a_folder_or_the_address_of_a_node(@TempDir Path folder) throws IOException {
    SshKey ownKey = SshKey.ed25519(folder, "alice");
    SshKey.ed25519(folder, "carol");
    int unused = proxy.port("https");
    String nodeUrl = "http://127.0.0.1:" + unused + "/internal-prefix";
    List<String> refusals = new ArrayList<>();
    try (RunningProxy down = RunningProxy.start(config(folder, nodeUrl))) {
      for (String request :
          List.of(
              get("/acme/app.git/info/refs?service=git-upload-pack", as("alice")),
              post("/acme/app.git/git-upload-pack", "0000", as("alice")),
              post("/acme/app.git/git-receive-pack", "0000", as("alice")),
              get("/secret/app.git/info/refs?service=git-upload-pack", as("alice")),
              get("/acme/../app.git/info/refs?service=git-upload-pack"),
              get("/acme/app.git/info/lfs/locks", as("alice")))) {
        String local = withHost(request, "127.0.0.1:" + down.port("http"));
        try (var client = RawClient.connect(down.port("http"))) {
          refusals.add(client.send(local).readResponse().orElseThrow().toString());
        }
      }
      for (String service : List.of("git-upload-pack", "git-receive-pack")) {
        for (String path : List.of("acme/app", "secret/app", "acme/../app", "acme/app.git/x/")) {
          refusals.add(exec(down, ownKey, service + " '" + path + "'"));
        }
      }
    }
    assertThat(refusals)
        .allSatisfy(refusal ->
            assertThat(refusal)
                .contains("(decision ")
                .doesNotContain("internal-prefix", ":" + unused, folder.toString(), "Exception"));
  }

  private static String withHost(String request, String host) {
    return request.replaceFirst("Host: .*", "Host: " + host);
  }

  @Test
  void no_value_of_a_capability_reaches_a_record_or_a_meter() throws IOException {
    String advertisement = "/acme/app.git/info/refs?service=git-receive-pack";
    assertThat(send(get(advertisement, as("alice"))).bodyText()).contains(SECRET);
    String capabilities =
        "report-status promisor-remote=x token=" + SECRET + " session-id=" + SECRET;
    String push =
        MonitoredProxy.pkt(deletion("refs/heads/z") + "\0" + capabilities + "\n") + "0000";
    send(post("/acme/app.git/git-receive-pack", push, as("alice")));
    String fetch =
        MonitoredProxy.pkt("command=ls-refs\n")
            + MonitoredProxy.pkt("session-id=" + SECRET + "\n")
            + MonitoredProxy.pkt("promisor-remote=name=x,token=" + SECRET + "\n")
            + "00010000";
    send(post("/acme/app.git/git-upload-pack", fetch, as("alice"), "Git-Protocol: version=2"));
    Await.until("the record", () -> !records("refs/heads/z").isEmpty());
    assertThat(proxy.auditRecords()).noneMatch(line -> line.contains(SECRET));
    try (var status = RawClient.connect(proxy.port("status"))) {
      status.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(status.readAllText()).contains("packhorse").doesNotContain(SECRET);
    }
  }

  private static String deletion(String ref) {
    return MonitoredProxy.TIP + " " + NO_OBJECT + " " + ref;
  }

  private static String as(String user) {
    String credentials = user + ":token of " + user;
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private String get(String target, String... fields) {
    return withPort(MonitoredProxy.getRequest(target, fields));
  }

  private String post(String path, String body, String... fields) {
    var all = new ArrayList<>(List.of(fields));
    String service = path.substring(path.lastIndexOf('/') + 1);
    all.add("Content-Type: application/x-" + service + "-request");
    all.add("Content-Length: " + body.length());
    String line = "POST " + path + " HTTP/1.1";
    return withPort(MonitoredProxy.requestHead(line, all.toArray(new String[0]))) + body;
  }

  private String withPort(String head) {
    return head.replace("PORT", String.valueOf(proxy.port("http")));
  }

  private RawMessage send(String request) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      return client.send(request).readResponse().orElseThrow();
    }
  }
}
