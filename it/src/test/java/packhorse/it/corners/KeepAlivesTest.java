package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// While a node is silent before its pack, clients get keep-alives from the proxy, and the response
/// that follows is complete: corner 24 of `docs/corners.md`. Most tests pause the nodes
/// ([#startFetch]); the clones by git delay only the response to the fetch ([#delayFetch]).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class KeepAlivesTest {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  // Git gives up after 2 s of silence (http.lowSpeedTime, set below).
  private static final Duration LONGER_THAN_LOW_SPEED_TIME = Duration.ofMillis(4_500);
  // An empty side-band frame of band 2.
  private static final String KEEP_ALIVE = "0005\2";
  private static final String TWO_KEEP_ALIVE_CHUNKS = ("5\r\n" + KEEP_ALIVE + "\r\n").repeat(2);

  private final ProxyFixture fixture;
  private final ProxyFixture translatingFixture;
  private final Repository app;

  KeepAlivesTest(@TempDir Path folder) throws IOException {
    fixture =
        ProxyFixture.start(
            Files.createDirectory(folder.resolve("plain")), 2, config -> config, INTERVAL);
    translatingFixture =
        ProxyFixture.start(
            Files.createDirectory(folder.resolve("translating")),
            1,
            config -> config.pool("offer-v2: true"),
            INTERVAL);
    app = fixture.repositories().sample("acme/app");
    translatingFixture.repositories().sample("acme/app");
  }

  @AfterAll
  void stop() {
    fixture.close();
    translatingFixture.close();
  }

  @AfterEach
  void resumeNodesAndClearRequests() {
    setSilent(false);
    fixture.clearRequests();
    translatingFixture.clearRequests();
  }

  private void setSilent(boolean silent) {
    fixture.nodes().forEach(silent ? PlainNode::pause : PlainNode::resume);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "H2C,2", "SSH,0", "SSH,1", "SSH,2"})
  void git_clones_while_it_receives_keep_alives(GitTransport transport, int version)
      throws IOException {
    // In protocol v2 the list of refs is requested by a POST too.
    int fetchNumber = version == 2 ? 2 : 1;
    cloneFromSilentNode(fixture, transport, version, fetchNumber);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,2", "SSH,2"})
  void git_clones_through_the_v2_translation_while_it_receives_keep_alives(
      GitTransport transport, int version) throws IOException {
    // The node gets v0 requests, so that the fetch is its first POST.
    cloneFromSilentNode(translatingFixture, transport, version, 1);
  }

  private void cloneFromSilentNode(
      ProxyFixture cloned, GitTransport transport, int version, int fetchNumber) {
    delayFetch(cloned, fetchNumber);
    String folderName = "clone-" + transport + "-" + version;
    GitRunner git =
        cloned
            .configure(transport, cloned.git(folderName))
            .protocol(version)
            .config("http.lowSpeedLimit", "1")
            .config("http.lowSpeedTime", "2")
            .env("GIT_TRACE_PACKET", "1");
    try (RunningCommand clone =
        git.command("clone", "-q", cloned.url(transport, "acme/app"), "work").start()) {
      Await.until("keep-alives from the proxy", () -> keepAliveCount(clone) > 2);
      // Over SSH git has no limit of this kind.
      if (transport != GitTransport.SSH) {
        assertThat(Await.holdsWithin(LONGER_THAN_LOW_SPEED_TIME, () -> !clone.isAlive())).isFalse();
      }
      cloned.nodes().forEach(PlainNode::resume);
      clone.waitFor().expectSuccess();
    }
    git.at("work").run("fsck", "--strict").expectSuccess();
    // The sample repositories of both fixtures have the same commits.
    assertThat(git.at("work").id("HEAD")).isEqualTo(app.id("main"));
  }

  /// Makes each node delay its response to the fetch, but not to the request for refs before it.
  ///
  /// @param fetchNumber which POST is the fetch, counted from 1
  private static void delayFetch(ProxyFixture delayed, int fetchNumber) {
    var posts = new AtomicInteger();
    Predicate<RecordedRequest> condition =
        request -> request.isUploadPackPost() && posts.incrementAndGet() == fetchNumber;
    delayed.nodes().forEach(node -> node.fail(1, condition, new Fault.Delay()));
  }

  /// Returns how many empty packets of side-band 2 the packet trace of git has so far.
  private static long keepAliveCount(RunningCommand git) {
    return git.errorsSoFar().lines().filter(line -> line.endsWith("< \\2")).count();
  }

  @Test
  void the_pack_follows_the_keep_alives() {
    try (var client = startFetch()) {
      setSilent(false);
      String response = client.readUntil("0\r\n\r\n");
      assertThat(response).contains("PACK").doesNotContain("NAK");
    }
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost)).hasSize(1);
    assertThat(fixture.awaitAuditRecords(1, "\"step\":\"exchange\"", "answered").getLast())
        .contains("\"status\":200");
  }

  @Test
  void failing_nodes_become_a_refusal_on_the_error_band() {
    try (var client = startFetch()) {
      fixture.nodes().forEach(PlainNode::kill);
      String response = client.readUntil("0\r\n\r\n");
      assertThat(response).contains("\3the node node-", "(decision ");
      // The id of the request, which its audit record contains, too.
      String decision =
          response.substring(response.indexOf("(decision ") + 10, response.lastIndexOf(')'));
      assertThat(fixture.awaitAuditRecords(1, decision).getFirst())
          .contains("\"outcome\":\"refused\"");
    } finally {
      fixture.nodes().forEach(PlainNode::restart);
    }
  }

  @Test
  void a_500_response_becomes_a_refusal_on_the_error_band() {
    var serverError = new Fault.FixedResponse(500, List.of(), "internal error");
    fixture.nodes().forEach(node -> node.fail(1, RecordedRequest::isUploadPackPost, serverError));
    try (var client = startFetch()) {
      setSilent(false);
      assertThat(client.readUntil("0\r\n\r\n")).contains("answered 500", "(decision ");
    }
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost))
        .as("requests to both nodes")
        .hasSize(2);
  }

  @Test
  void an_object_that_one_node_lacks_comes_from_the_other() {
    var notOurRef =
        new Fault.FixedResponse(
            200,
            List.of(Map.entry("Content-Type", "application/x-git-upload-pack-result")),
            pkt("ERR upload-pack: not our ref " + app.id("main") + "\n"));
    // The first request to any node fails, whichever node that is.
    var requestCount = new AtomicInteger();
    Predicate<RecordedRequest> condition =
        request -> request.isUploadPackPost() && requestCount.getAndIncrement() == 0;
    fixture.nodes().forEach(node -> node.fail(1, condition, notOurRef));
    try (var client = startFetch()) {
      setSilent(false);
      assertThat(client.readUntil("0\r\n\r\n")).contains("PACK").doesNotContain("not our ref");
    }
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost)).hasSize(2);
  }

  @Test
  void a_fetch_whose_client_disconnects_is_cut_and_not_repeated() {
    int before = fixture.awaitAuditRecords(0, "\"outcome\":\"cut\"").size();
    try (var client = startFetch()) {
      client.reset();
    }
    fixture.awaitAuditRecords(before + 1, "\"outcome\":\"cut\"");
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost))
        .as("requests to all nodes")
        .hasSize(1);
  }

  @Test
  void no_keep_alives_are_sent_for_a_fetch_with_depth() {
    // The response to it begins with a list of shallow commits, which only the node knows.
    setSilent(true);
    try (var client = RawClient.connect(fixture.proxy().port("http"))) {
      client.send(post(pkt("deepen 1\n")));
      Await.until(
          "the node has the request",
          () -> !fixture.requests(RecordedRequest::isUploadPackPost).isEmpty());
      assertThat(
              Await.holdsWithin(
                  INTERVAL.multipliedBy(4),
                  () -> fixture.requests(RecordedRequest::inProgress).isEmpty()))
          .isFalse();
      setSilent(false);
      String text = client.readResponse().orElseThrow().bodyText();
      assertThat(text).contains("shallow ", "PACK").doesNotContain(KEEP_ALIVE);
    }
  }

  @Test
  void failing_nodes_become_a_refusal_on_the_error_band_over_ssh() throws IOException {
    try (RunningCommand ssh =
        fixture.sshClient().exec(fixture.folder(), "git-upload-pack 'acme/app'")) {
      Await.until("the advertisement", () -> ssh.outputSoFar().endsWith("0000"));
      setSilent(true);
      ssh.stdin().write(fetchRequest("").getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      Await.until(
          "keep-alives",
          () -> ssh.outputSoFar().endsWith("0000" + pkt("NAK\n") + KEEP_ALIVE + KEEP_ALIVE));
      fixture.nodes().forEach(PlainNode::kill);
      assertThat(ssh.waitFor().expectExit(128).stdout()).contains("\3the node node-", "(decision ");
    } finally {
      fixture.nodes().forEach(PlainNode::restart);
    }
  }

  /// Returns a client that has read the refs and sent a fetch, and has received keep-alives instead
  /// of the pack: one in the HTTP chunk of the `NAK`, and two in chunks of their own.
  private RawClient startFetch() {
    var client = RawClient.connect(fixture.proxy().port("http"));
    client.send(
        "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n" + requestEnd(""));
    assertThat(client.readResponse().orElseThrow().bodyText()).contains("refs/heads/main");
    setSilent(true);
    client.send(post(""));
    assertThat(client.readUntil(TWO_KEEP_ALIVE_CHUNKS))
        .contains("\r\n\r\nD\r\n" + pkt("NAK\n") + KEEP_ALIVE + "\r\n");
    return client;
  }

  private String fetchRequest(String deepen) {
    String want = "want " + app.id("main") + " side-band-64k ofs-delta no-progress\n";
    return pkt(want) + deepen + "0000" + pkt("done\n");
  }

  private String post(String deepen) {
    return "POST /acme/app.git/git-upload-pack HTTP/1.1\r\n"
        + "Content-Type: application/x-git-upload-pack-request\r\n"
        + requestEnd(fetchRequest(deepen));
  }

  private String requestEnd(String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return "Host: 127.0.0.1:" + fixture.proxy().port("http") + "\r\n" + length + "\r\n" + body;
  }
}
