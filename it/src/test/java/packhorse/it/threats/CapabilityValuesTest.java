package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SharedHostKeys;
import packhorse.it.kit.ssh.SshKey;

/// Tokens in the values of capabilities, of nodes (`promisor-remote`) and of clients: threat F6 of
/// `docs/threats.md`. They are relayed, and nothing that an operator keeps contains one, at the
/// finest level of the log.
@ExtendWith(LeakDetector.class)
final class CapabilityValuesTest {
  private static final String SECRET = "a-value-that-nobody-records";
  private static final String PROMISOR = "promisor-remote=name=x,token=" + SECRET;
  private static final String TRACE = "session-id=" + SECRET;
  private static final String NO_OBJECT = "0".repeat(40);
  private static final String PACK =
      MonitoredProxy.pkt("\1" + CommitPack.by("Al <al@example.org>")) + "0000";

  private static final String V0_FETCH =
      MonitoredProxy.pkt(
              "want " + MonitoredProxy.TIP + " side-band-64k " + PROMISOR + " " + TRACE + "\n")
          + "0000"
          + MonitoredProxy.pkt("done\n");
  private static final String LIST = v2Command("ls-refs") + "00010000";
  private static final String V2_FETCH =
      v2Command("fetch")
          + "0001"
          + MonitoredProxy.pkt("want " + MonitoredProxy.TIP + "\n")
          + MonitoredProxy.pkt("done\n")
          + "0000";

  @TempDir Path folder = Path.of("");

  @Test
  void no_value_of_a_capability_reaches_log_audit_or_meters() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    SshKey alice = SshKey.ed25519(folder, "alice");
    var script = RecordingNode.Script.forEachRequest(CapabilityValuesTest::respond);
    try (var node = RecordingNode.start(script);
        var process = new ProxyProcess(config(node).user("alice", alice))) {
      RunningCommand proxy = process.start();
      sendOverHttp(process);
      sendOverSsh(process, alice);
      assertThat(node.receivedText()).contains(PROMISOR, TRACE);
      String pages = page(process, "/metrics") + page(process, "/status");
      assertThat(pages).contains("packhorse_requests_seconds_count{").doesNotContain(SECRET);
      proxy.signal("TERM");
      CommandResult ended = proxy.waitFor(Duration.ofSeconds(15)).expectSuccess();
      assertThat(ended.stdout()).contains("request ended").doesNotContain(SECRET);
      assertThat(ended.stderr()).doesNotContain(SECRET);
    }
  }

  private ProxyConfig config(RecordingNode node) {
    String denied = "{ deny: [ write ], refs: [ \"refs/heads/denied\" ] }";
    return ProxyConfig.in(folder)
        .node("one", node.url())
        .section("policy", "[ " + denied + ", { allow: [ all ] } ]")
        .section("log", "{ level: trace, format: json }");
  }

  private void sendOverHttp(ProxyProcess process) throws IOException {
    String refs = "GET /acme/app.git/info/refs?service=git-";
    for (String service : List.of("upload-pack", "receive-pack")) {
      for (String version : List.of("0", "1", "2")) {
        assertThat(send(process, refs + service, "", version)).contains(SECRET);
      }
    }
    String post = "POST /acme/app.git/git-";
    assertThat(send(process, post + "upload-pack", V0_FETCH, "0")).contains("PACK");
    assertThat(send(process, post + "upload-pack", LIST, "2")).contains("refs/heads/main");
    assertThat(send(process, post + "upload-pack", V2_FETCH, "2")).contains("PACK");
    assertThat(send(process, post + "receive-pack", deletion("gone"), "0")).contains("unpack ok");
    assertThat(send(process, post + "receive-pack", deletion("denied"), "0"))
        .contains("ng refs/heads/denied");
    assertRecorded("\"front\":\"http\"", "\"ref\":\"refs/heads/gone\"", "\"outcome\":\"answered\"");
    assertRecorded(
        "\"front\":\"http\"", "\"ref\":\"refs/heads/denied\"", "\"outcome\":\"refused\"");
  }

  private void sendOverSsh(ProxyProcess process, SshKey key) throws IOException {
    OpenSshClient client =
        OpenSshClient.acceptNewHostKey(
            key.privateKey(), process.port("ssh"), folder.resolve("known_hosts"));
    assertThat(exec(client, "upload", V2_FETCH + "0000", "GIT_PROTOCOL=version=2"))
        .contains(SECRET, "PACK");
    assertThat(exec(client, "upload", V0_FETCH)).contains(SECRET, "PACK");
    assertThat(exec(client, "receive", deletion("ssh"))).contains(SECRET, "unpack ok");
    assertThat(exec(client, "receive", deletion("denied"))).contains("ng refs/heads/denied");
    assertRecorded("\"front\":\"ssh\"", "\"answer\":\"fetch\"", "\"dialect\":\"v2\"");
    assertRecorded("\"front\":\"ssh\"", "\"ref\":\"refs/heads/ssh\"", "\"outcome\":\"answered\"");
    assertRecorded("\"front\":\"ssh\"", "\"ref\":\"refs/heads/denied\"", "\"outcome\":\"refused\"");
  }

  private String exec(OpenSshClient client, String service, String input, String... variables)
      throws IOException {
    String line = "git-" + service + "-pack 'acme/app.git'";
    try (RunningCommand command = client.exec(folder, line, variables)) {
      command.stdin().write(input.getBytes(StandardCharsets.ISO_8859_1));
      command.stdin().close();
      return command.waitFor().stdout();
    }
  }

  /// Asserts that the audit has a record with these texts, and none with the secret.
  private void assertRecorded(String... texts) {
    Await.until("a record with " + List.of(texts), () -> hasRecord(texts));
    assertThat(records()).noneMatch(record -> record.contains(SECRET));
  }

  private boolean hasRecord(String... texts) {
    return records().stream().anyMatch(record -> Stream.of(texts).allMatch(record::contains));
  }

  private List<String> records() {
    try {
      return Files.readAllLines(folder.resolve("audit.jsonl"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String v2Command(String name) {
    return MonitoredProxy.pkt("command=" + name + "\n")
        + MonitoredProxy.pkt(TRACE + "\n")
        + MonitoredProxy.pkt(PROMISOR + "\n");
  }

  private static String deletion(String branch) {
    String command = MonitoredProxy.TIP + " " + NO_OBJECT + " refs/heads/" + branch;
    String capabilities = "report-status " + PROMISOR + " " + TRACE + "\n";
    return MonitoredProxy.pkt(command + "\0" + capabilities) + "0000";
  }

  private static String send(ProxyProcess process, String line, String body, String version) {
    List<String> fields = new ArrayList<>(List.of("Git-Protocol: version=" + version));
    if (!body.isEmpty()) {
      String service = line.substring(line.lastIndexOf('/') + 1);
      fields.add("Content-Type: application/x-" + service + "-request");
      fields.add("Content-Length: " + body.length());
    }
    String head = MonitoredProxy.requestHead(line + " HTTP/1.1", fields.toArray(new String[0]));
    String request = head.replace("PORT", String.valueOf(process.port("http"))) + body;
    try (var client = RawClient.connect(process.port("http"))) {
      return client.send(request).readResponse().orElseThrow().bodyText();
    }
  }

  private static String page(ProxyProcess process, String path) {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    try (var client = RawClient.connect(process.port("status"))) {
      return client.send(request).readResponse().orElseThrow().bodyText();
    }
  }

  private static void respond(RawMessage request, ServerConnection connection) throws IOException {
    String service = request.startLine().contains("receive-pack") ? "receive" : "upload";
    boolean advertisement = request.startLine().contains("/info/refs");
    boolean v2 = request.header("Git-Protocol").contains("version=2") && service.equals("upload");
    String body =
        advertisement ? advertisement(service, v2) : result(service, v2, request.bodyText());
    String kind = advertisement ? "advertisement" : "result";
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-" + service + "-pack-" + kind + "\r\n";
    connection.respond(head, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String advertisement(String service, boolean v2) {
    if (v2) {
      return Stream.of("version 2", "ls-refs", "fetch", "object-format=sha1", PROMISOR, TRACE)
              .map(line -> MonitoredProxy.pkt(line + "\n"))
              .reduce("", String::concat)
          + "0000";
    }
    String capabilities = "report-status delete-refs side-band-64k " + PROMISOR + " " + TRACE;
    return MonitoredProxy.pkt("# service=git-" + service + "-pack\n")
        + "0000"
        + MonitoredProxy.pkt(MonitoredProxy.TIP + " refs/heads/main\0" + capabilities + "\n")
        + "0000";
  }

  private static String result(String service, boolean v2, String request) {
    if (service.equals("receive")) return MonitoredProxy.pkt("unpack ok\n") + "0000";
    if (request.contains("command=ls-refs")) {
      return MonitoredProxy.pkt(MonitoredProxy.TIP + " refs/heads/main\n") + "0000";
    }
    return (v2 ? MonitoredProxy.pkt("packfile\n") : MonitoredProxy.pkt("NAK\n")) + PACK;
  }
}
