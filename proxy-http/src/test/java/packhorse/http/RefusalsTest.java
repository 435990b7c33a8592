package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.record.Outcome;

/// What real git, and a bare client, show of our refusals.
final class RefusalsTest {
  private static final String FETCH = "application/x-git-upload-pack-request";

  @TempDir private Path folder;
  private Git git;
  private GitNode node;
  private TestProxy proxy;

  @BeforeEach
  void started() throws Exception {
    git = new Git(folder);
    git.repository(folder.resolve("repos/acme/app.git"), 3);
    node = new GitNode(folder.resolve("repos"));
    proxy = new TestProxy(TestProxy.Setting.usual().pushing(1 << 20), node.uri());
  }

  @AfterEach
  void stopped() {
    proxy.close();
    node.close();
  }

  @Tag("counted")
  @ParameterizedTest
  @CsvSource({
    "http.postBuffer=1000, http.version=HTTP/1.1",
    "http.postBuffer=200000000, http.version=HTTP/1.1",
    "http.postBuffer=1000, http.version=HTTP/2"
  })
  void a_push_over_the_limit_is_told_why(String buffer, String version) throws Exception {
    Path clone = folder.resolve("clone");
    git.run(folder, "clone", "-q", url(), "clone").well();
    byte[] large = new byte[Boolean.getBoolean("packhorse.thorough") ? 60_000_000 : 8_000_000];
    new Random(1).nextBytes(large);
    Files.write(clone.resolve("large"), large);
    git.commit(clone, "more", "more\n");
    Git.Ran ran =
        git.run(
            clone,
            "-c",
            buffer,
            "-c",
            version,
            "-c",
            "pack.compression=0",
            "push",
            "origin",
            "main:new");
    assertThat(ran.status()).as(ran.said()).isEqualTo(1);
    assertThat(ran.said()).contains("[remote rejected] main -> new", "1048576", "(decision ");
    assertThat(ran.said()).doesNotContain("curl", "Broken pipe");
    assertThat(git.run(folder, "ls-remote", url()).said()).doesNotContain("refs/heads/new");
  }

  @Test
  void two_credentials_are_told_apart_from_a_wrong_one() throws Exception {
    Git.Ran ran =
        git.run(
            folder,
            "-c",
            "http.extraHeader=Authorization: Basic eDp5",
            "-c",
            "http.extraHeader=AUTHORIZATION: basic eDp6",
            "ls-remote",
            url());
    assertThat(ran.status()).isNotZero();
    assertThat(ran.said()).contains("remote: there are two Authorization headers", "(decision ");
    assertThat(ran.said()).doesNotContain("eDp5", "eDp6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2"})
  void a_refused_fetch_is_an_error_that_git_prints(String version) throws Exception {
    String body = version.equals("2") ? "0014command=fetch\n0001" + "000fxx" : "0032want zzzz\n";
    RawClient.Answer answer =
        RawClient.ask(proxy.port(), RawClient.post("/acme/app.git/git-upload-pack", FETCH, body));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.values("Content-Type"))
        .containsExactly("application/x-git-upload-pack-result");
    assertThat(answer.text()).startsWith("00").contains("ERR ", "(decision ");
  }

  @Test
  void control_characters_never_reach_a_terminal() throws Exception {
    String path = "/acme/a%1b%5b31m.git/info/refs?service=git-upload-pack%1b[31m\u0007";
    RawClient.Answer answer = RawClient.ask(proxy.port(), RawClient.get(path));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text().chars().filter(c -> c < ' ').distinct()).containsExactly((int) '\n');
  }

  @Test
  void what_is_not_git_is_told_where_to_clone() throws Exception {
    RawClient.Answer answer = RawClient.ask(proxy.port(), RawClient.get("/"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.values("Content-Type")).containsExactly("text/plain; charset=utf-8");
    assertThat(answer.text()).contains("git clone");
  }

  @Test
  void a_wrong_method_is_told_the_right_ones() throws Exception {
    RawClient.Answer answer =
        RawClient.ask(proxy.port(), RawClient.get("/acme/app.git/git-receive-pack"));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.values("Allow")).containsExactly("POST, OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-git-receive-pack-request", ""})
  void a_wrong_type_is_refused(String type) throws Exception {
    RawClient.Answer answer =
        RawClient.ask(proxy.port(), RawClient.post("/acme/app.git/git-upload-pack", type, "0000"));
    assertThat(answer.status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "deflate", "gzip\r\nContent-Encoding: gzip"})
  void a_coding_that_we_do_not_take_off_is_refused(String coding) throws Exception {
    String request =
        RawClient.post(
            "/acme/app.git/git-upload-pack", FETCH, "0000", "Content-Encoding: " + coding);
    assertThat(RawClient.ask(proxy.port(), request).status()).isEqualTo(415);
  }

  @Test
  void a_client_that_waits_to_be_asked_is_refused_before_it_sends() throws Exception {
    try (var client = new RawClient(proxy.port())) {
      client.send(
          RawClient.request(
              "POST /acme/../app.git/git-receive-pack HTTP/1.1",
              "Content-Type: application/x-git-receive-pack-request",
              "Content-Length: 100000000",
              "Expect: 100-continue"));
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void a_push_that_the_node_turns_away_names_the_node_and_its_status() throws Exception {
    try (var deaf = new RawNode(RefusalsTest::lengthRequired);
        var other = new TestProxy(TestProxy.Setting.usual(), deaf.uri())) {
      Path clone = folder.resolve("clone");
      git.run(folder, "clone", "-q", url(), "clone").well();
      git.commit(clone, "more", "more\n");
      String push = "http://127.0.0.1:" + other.port() + "/acme/app.git";
      Git.Ran ran = git.run(clone, "-c", "http.postBuffer=1", "push", push, "main");
      assertThat(ran.said()).contains("node-1", "411", "[remote rejected]");
    }
  }

  private static boolean lengthRequired(RawNode.Heard request, InputStream in, OutputStream out)
      throws IOException {
    boolean chunked = !request.values("Transfer-Encoding").isEmpty();
    String capabilities = "report-status delete-refs side-band-64k ofs-delta";
    String line = "0".repeat(40) + " capabilities^{}\0" + capabilities + "\n";
    String pkt = String.format("%04x", line.length() + 4) + line;
    String body = "001f# service=git-receive-pack\n0000" + pkt + "0000";
    String answer =
        chunked
            ? "HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-receive-pack-advertisement\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    if (!chunked) RawNode.body(request, in);
    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    if (chunked) in.skipNBytes(100);
    return !chunked;
  }

  @Test
  void every_request_has_exactly_one_outcome() throws Exception {
    RawClient.ask(proxy.port(), RawClient.get("/"));
    RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
    assertThat(proxy.outcomes.poll(10, TimeUnit.SECONDS)).isNotNull();
    Outcome second = Objects.requireNonNull(proxy.outcomes.poll(10, TimeUnit.SECONDS));
    assertThat(second.refusal()).isEmpty();
    assertThat(proxy.outcomes).isEmpty();
  }

  private String url() {
    return "http://127.0.0.1:" + proxy.port() + "/acme/app.git";
  }
}
