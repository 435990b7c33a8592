package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

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
import packhorse.it.kit.Await;
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Transport;

/// Corner 24: while a node is silent before its pack, clients hear from us, and what comes then is
/// whole all the same.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class KeepAlivesTest {
  private static final Duration OFTEN = Duration.ofMillis(200);
  private static final Duration LONGER_THAN_CURL_WAITS = Duration.ofMillis(4_500);
  private static final String FRAME = "0005\2";
  private static final String TWICE = ("5\r\n" + FRAME + "\r\n").repeat(2);

  private final Stage stage;
  private final Stage translating;
  private final Repository app;

  KeepAlivesTest(@TempDir Path folder) throws IOException {
    stage = Stage.of(Files.createDirectory(folder.resolve("plain")), 2, text -> text, OFTEN);
    translating =
        Stage.of(
            Files.createDirectory(folder.resolve("translating")),
            1,
            text -> text.pool("offer-v2: true"),
            OFTEN);
    app = stage.repositories().sample("acme/app");
    translating.repositories().sample("acme/app");
  }

  @AfterAll
  void stop() {
    stage.close();
    translating.close();
  }

  @AfterEach
  void back() {
    silent(false);
    stage.forget();
    translating.forget();
  }

  private void silent(boolean yes) {
    stage.nodes().forEach(yes ? PlainNode::pause : PlainNode::resume);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "H2C,2", "SSH,0", "SSH,1", "SSH,2"})
  void git_hears_frames_and_clones(Transport transport, int version) throws IOException {
    // lists of refs in v2 are such requests too
    int fetch = version == 2 ? 2 : 1;
    cloned(stage, transport, version, fetch);
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,2", "SSH,2"})
  void git_hears_frames_and_clones_in_a_translation(Transport transport, int version)
      throws IOException {
    cloned(translating, transport, version, 1);
  }

  private void cloned(Stage on, Transport transport, int version, int fetch) {
    waits(on, fetch);
    String place = "clone-" + transport + "-" + version;
    GitRunner git =
        on.equip(transport, on.git(place))
            .protocol(version)
            .set("http.lowSpeedLimit", "1")
            .set("http.lowSpeedTime", "2")
            .env("GIT_TRACE_PACKET", "1");
    try (Started clone =
        git.command("clone", "-q", on.url(transport, "acme/app"), "work").start()) {
      Await.until("frames of ours", () -> frames(clone) > 2);
      if (transport != Transport.SSH) {
        assertThat(Await.within(LONGER_THAN_CURL_WAITS, () -> !clone.alive())).isFalse();
      }
      on.nodes().forEach(PlainNode::resume);
      clone.finish().expectSuccess();
    }
    git.at("work").git("fsck", "--strict").expectSuccess();
    assertThat(git.at("work").id("HEAD")).isEqualTo(app.id("main"));
  }

  // the fetch is the one that says nothing, not the list of refs before it
  private static void waits(Stage on, int fetch) {
    var seen = new AtomicInteger();
    Predicate<SeenRequest> which =
        request -> request.fetchPost() && seen.incrementAndGet() == fetch;
    on.nodes().forEach(node -> node.fail(1, which, new Fault.Waits()));
  }

  private static long frames(Started git) {
    return git.errorsSoFar().lines().filter(line -> line.endsWith("< \\2")).count();
  }

  @Test
  void the_pack_goes_on_behind_what_was_said() {
    try (var client = asking("")) {
      silent(false);
      String said = client.until("0\r\n\r\n");
      assertThat(said).contains("PACK").doesNotContain("NAK");
    }
    assertThat(stage.heard(SeenRequest::fetchPost)).hasSize(1);
    assertThat(stage.audit(1, "\"step\":\"exchange\"", "answered").getLast())
        .contains("\"status\":200");
  }

  @Test
  void nodes_that_go_are_a_no_in_the_bands() {
    try (var client = asking("")) {
      stage.nodes().forEach(PlainNode::kill);
      String said = client.until("0\r\n\r\n");
      assertThat(said).contains("\3the node node-", "(decision ");
      String decision = said.substring(said.indexOf("(decision ") + 10, said.indexOf(")\n"));
      assertThat(stage.audit(1, decision).getFirst()).contains("\"outcome\":\"refused\"");
    } finally {
      stage.nodes().forEach(PlainNode::restart);
    }
  }

  @Test
  void a_status_of_500_is_a_no_in_the_bands() {
    var oops = new Fault.Says(500, List.of(), "oops");
    stage.nodes().forEach(node -> node.fail(1, SeenRequest::fetchPost, oops));
    try (var client = asking("")) {
      silent(false);
      assertThat(client.until("0\r\n\r\n")).contains("answered 500", "(decision ");
    }
    assertThat(stage.heard(SeenRequest::fetchPost)).as("both were asked").hasSize(2);
  }

  @Test
  void what_one_node_has_not_comes_from_the_other() {
    var says =
        new Fault.Says(
            200,
            List.of(Map.entry("Content-Type", "application/x-git-upload-pack-result")),
            pkt("ERR upload-pack: not our ref " + app.id("main") + "\n"));
    var first = new AtomicInteger();
    Predicate<SeenRequest> which = seen -> seen.fetchPost() && first.getAndIncrement() == 0;
    stage.nodes().forEach(node -> node.fail(1, which, says));
    try (var client = asking("")) {
      silent(false);
      assertThat(client.until("0\r\n\r\n")).contains("PACK").doesNotContain("not our ref");
    }
    assertThat(stage.heard(SeenRequest::fetchPost)).hasSize(2);
  }

  @Test
  void a_client_that_leaves_ends_its_wait() {
    int before = stage.audit(0, "\"outcome\":\"cut\"").size();
    try (var client = asking("")) {
      client.reset();
    }
    stage.audit(before + 1, "\"outcome\":\"cut\"");
    assertThat(stage.heard(SeenRequest::fetchPost)).as("nobody else is asked").hasSize(1);
  }

  @Test
  void with_depth_nothing_is_said_before_the_node() {
    silent(true);
    try (var client = RawClient.connect(stage.proxy().port("http"))) {
      client.send(post(pkt("deepen 1\n")));
      Await.until("the node is asked", () -> !stage.heard(SeenRequest::fetchPost).isEmpty());
      assertThat(
              Await.within(OFTEN.multipliedBy(4), () -> stage.heard(SeenRequest::open).isEmpty()))
          .isFalse();
      silent(false);
      String text = client.answer().orElseThrow().text();
      assertThat(text).contains("shallow ", "PACK").doesNotContain(FRAME);
    }
  }

  @Test
  void over_ssh_nodes_that_go_are_a_no_in_the_bands() throws IOException {
    try (Started ssh = SshTalk.exec(stage.way(), stage.folder(), "git-upload-pack 'acme/app'")) {
      Await.until("the advertisement", () -> ssh.outputSoFar().endsWith("0000"));
      silent(true);
      ssh.stdin().write(words("").getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      Await.until(
          "frames", () -> ssh.outputSoFar().endsWith("0000" + pkt("NAK\n") + FRAME + FRAME));
      stage.nodes().forEach(PlainNode::kill);
      assertThat(ssh.finish().expectExit(128).stdout()).contains("\3the node node-", "(decision ");
    } finally {
      stage.nodes().forEach(PlainNode::restart);
    }
  }

  /// A client that was shown the refs and waits for its pack, and has heard from us.
  private RawClient asking(String deepen) {
    var client = RawClient.connect(stage.proxy().port("http"));
    client.send("GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n" + rest(""));
    assertThat(client.answer().orElseThrow().text()).contains("refs/heads/main");
    silent(true);
    client.send(post(deepen));
    assertThat(client.until(TWICE)).contains("\r\n\r\nD\r\n" + pkt("NAK\n") + FRAME + "\r\n");
    return client;
  }

  private String words(String deepen) {
    String want = "want " + app.id("main") + " side-band-64k ofs-delta no-progress\n";
    return pkt(want) + deepen + "0000" + pkt("done\n");
  }

  private String post(String deepen) {
    return "POST /acme/app.git/git-upload-pack HTTP/1.1\r\n"
        + "Content-Type: application/x-git-upload-pack-request\r\n"
        + rest(words(deepen));
  }

  private String rest(String body) {
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return "Host: 127.0.0.1:" + stage.proxy().port("http") + "\r\n" + length + "\r\n" + body;
  }
}
