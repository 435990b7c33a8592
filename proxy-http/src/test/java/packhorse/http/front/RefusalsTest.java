package packhorse.http.front;

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
import packhorse.http.kit.Git;
import packhorse.http.kit.GitNode;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;
import packhorse.record.Outcome;

/// The refusals of the proxy as git and a plain HTTP client show them.
final class RefusalsTest {
  private static final String FETCH = "application/x-git-upload-pack-request";

  @TempDir private Path folder;
  private Git git;
  private GitNode node;
  private TestProxy proxy;

  @BeforeEach
  void start() throws Exception {
    git = new Git(folder);
    git.repository(folder.resolve("repos/acme/app.git"), 3);
    node = new GitNode(folder.resolve("repos"));
    proxy = new TestProxy(TestProxy.Options.defaults().withPushLimit(1 << 20), node.uri());
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /acme/app.git/info/lfs/objects/batch, 422, the batch is not JSON",
    "POST, /acme/app.git/info/lfs/objects/abc, 404, not a request of Git LFS",
    "DELETE, /acme/app.git/info/lfs/locks/verify, 405, the method DELETE",
    "POST, /acme/app/objects/batch, 404, not a request of Git LFS",
    "POST, /acme//app.git/info/lfs/objects/batch, 400, an empty segment",
    "PUT, /acme/app.git/git-upload-pack, 405, the method PUT"
  })
  void a_refusal_for_git_lfs_is_json_with_a_message(
      String method, String path, int status, String message) throws IOException {
    String type = "application/vnd.git-lfs+json";
    String request =
        RawClient.request(
            method + " " + path + " HTTP/1.1",
            "Accept: " + type,
            "Content-Type: " + type + "; charset=utf-8",
            "Content-Length: 0");
    RawClient.Response response = RawClient.exchange(proxy.port(), request);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.values("Content-Type")).containsExactly(type);
    String id = proxy.outcomes.getLast().arrival().id();
    assertThat(response.text())
        .contains("\"request_id\":\"" + id + "\"")
        .containsPattern("\"message\":\"[^\"]*" + message + "[^\"]* \\(decision " + id + "\\)\"");
  }

  @Test
  void a_refusal_on_a_path_of_git_lfs_is_json_whatever_the_header() throws IOException {
    RawClient.Response response =
        RawClient.exchange(
            proxy.port(),
            RawClient.get("/acme/app.git/info/lfs/locks", "Authorization: NTLM TlRMTVNTUAAB"));
    assertThat(response.status()).isBetween(400, 499);
    assertThat(response.values("Content-Type")).containsExactly("application/vnd.git-lfs+json");
    assertThat(response.text()).startsWith("{");
  }

  @Tag("counted")
  @ParameterizedTest
  @CsvSource({
    "http.postBuffer=1000, http.version=HTTP/1.1",
    "http.postBuffer=200000000, http.version=HTTP/1.1",
    "http.postBuffer=1000, http.version=HTTP/2"
  })
  void git_shows_why_a_push_over_the_limit_is_refused(String buffer, String version)
      throws Exception {
    Path clone = folder.resolve("clone");
    git.run(folder, "clone", "-q", url(), "clone").expectSuccess();
    byte[] large = new byte[Boolean.getBoolean("packhorse.thorough") ? 60_000_000 : 8_000_000];
    new Random(1).nextBytes(large);
    Files.write(clone.resolve("large"), large);
    git.commit(clone, "more", "more\n");
    Git.Result result =
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
    assertThat(result.status()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains("[remote rejected] main -> new", "1048576", "(decision ");
    assertThat(result.output()).doesNotContain("curl", "Broken pipe");
    assertThat(git.run(folder, "ls-remote", url()).output()).doesNotContain("refs/heads/new");
  }

  @Test
  void two_credentials_are_reported_differently_from_a_wrong_one() throws Exception {
    Git.Result result =
        git.run(
            folder,
            "-c",
            "http.extraHeader=Authorization: Basic eDp5",
            "-c",
            "http.extraHeader=AUTHORIZATION: basic eDp6",
            "ls-remote",
            url());
    assertThat(result.status()).isNotZero();
    assertThat(result.output())
        .contains("remote: there are two Authorization headers", "(decision ");
    assertThat(result.output()).doesNotContain("eDp5", "eDp6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2"})
  void a_refused_fetch_is_an_error_that_git_prints(String version) throws Exception {
    String body = version.equals("2") ? "0014command=fetch\n0001" + "000fxx" : "0032want zzzz\n";
    RawClient.Response response =
        RawClient.exchange(
            proxy.port(), RawClient.post("/acme/app.git/git-upload-pack", FETCH, body));
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.values("Content-Type"))
        .containsExactly("application/x-git-upload-pack-result");
    assertThat(response.text()).startsWith("00").contains("ERR ", "(decision ");
  }

  @Test
  void control_characters_never_reach_a_terminal() throws Exception {
    String path = "/acme/a%1b%5b31m.git/info/refs?service=git-upload-pack%1b[31m\u0007";
    RawClient.Response response = RawClient.exchange(proxy.port(), RawClient.get(path));
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.text().chars().filter(c -> c < ' ').distinct()).containsExactly((int) '\n');
  }

  @Test
  void a_wrong_method_is_refused_with_the_allowed_ones() throws Exception {
    RawClient.Response response =
        RawClient.exchange(
            proxy.port(), RawClient.request("PUT /acme/app.git/git-receive-pack HTTP/1.1"));
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.values("Allow")).containsExactly("POST, OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-git-receive-pack-request", ""})
  void a_wrong_content_type_is_refused(String type) throws Exception {
    RawClient.Response response =
        RawClient.exchange(
            proxy.port(), RawClient.post("/acme/app.git/git-upload-pack", type, "0000"));
    assertThat(response.status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "deflate", "gzip\r\nContent-Encoding: gzip"})
  void an_unsupported_content_coding_is_refused(String coding) throws Exception {
    String request =
        RawClient.post(
            "/acme/app.git/git-upload-pack", FETCH, "0000", "Content-Encoding: " + coding);
    assertThat(RawClient.exchange(proxy.port(), request).status()).isEqualTo(415);
  }

  @Test
  void a_client_that_expects_100_continue_is_refused_before_it_sends_the_body() throws Exception {
    try (var client = new RawClient(proxy.port())) {
      client.send(
          RawClient.request(
              "POST /acme/../app.git/git-receive-pack HTTP/1.1",
              "Content-Type: application/x-git-receive-pack-request",
              "Content-Length: 100000000",
              "Expect: 100-continue"));
      assertThat(client.readResponse().status()).isEqualTo(400);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void the_refusal_of_a_push_that_a_node_rejects_names_the_node_and_its_status() throws Exception {
    try (var rejecting = new RawNode(RefusalsTest::rejectChunked);
        var otherProxy = new TestProxy(TestProxy.Options.defaults(), rejecting.uri())) {
      Path clone = folder.resolve("clone");
      git.run(folder, "clone", "-q", url(), "clone").expectSuccess();
      git.commit(clone, "more", "more\n");
      String push = "http://127.0.0.1:" + otherProxy.port() + "/acme/app.git";
      Git.Result result = git.run(clone, "-c", "http.postBuffer=1", "push", push, "main");
      assertThat(result.output()).contains("node-1", "411", "[remote rejected]");
    }
  }

  private static boolean rejectChunked(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out) throws IOException {
    boolean chunked = !request.values("Transfer-Encoding").isEmpty();
    String capabilities = "report-status delete-refs side-band-64k ofs-delta";
    String line = "0".repeat(40) + " capabilities^{}\0" + capabilities + "\n";
    String pkt = String.format("%04x", line.length() + 4) + line;
    String body = "001f# service=git-receive-pack\n0000" + pkt + "0000";
    String response =
        chunked
            ? "HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-receive-pack-advertisement\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    if (!chunked) RawNode.readBody(request, in);
    out.write(response.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    if (chunked) in.skipNBytes(100);
    return !chunked;
  }

  @Test
  void every_request_has_exactly_one_outcome() throws Exception {
    RawClient.exchange(proxy.port(), RawClient.get("/"));
    RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
    assertThat(proxy.outcomes.poll(10, TimeUnit.SECONDS)).isNotNull();
    Outcome second = Objects.requireNonNull(proxy.outcomes.poll(10, TimeUnit.SECONDS));
    assertThat(second.refusal()).isEmpty();
    assertThat(proxy.outcomes).isEmpty();
  }

  private String url() {
    return "http://127.0.0.1:" + proxy.port() + "/acme/app.git";
  }
}
