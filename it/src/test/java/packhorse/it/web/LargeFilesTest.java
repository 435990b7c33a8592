package packhorse.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Requests of Git LFS: batches, objects and locks.
@ExtendWith(LeakDetector.class)
final class LargeFilesTest {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final String OID = "0123456789abcdef".repeat(4);
  private static final String BASE = "/acme/app.git/info/lfs/";

  @TempDir Path folder = Path.of("");
  private final WebNode node = WebNode.start("one");
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    proxy = RunningProxy.start(config());
  }

  private ProxyConfig config() {
    return ProxyConfig.in(folder).node("one", node.url());
  }

  private void restart(ProxyConfig config) {
    proxy.close();
    proxy = RunningProxy.start(config);
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, objects/OID",
    "GET, objects/basic/OID",
    "PUT, objects/OID/123",
    "PUT, objects/basic/OID",
    "POST, objects/basic/verify",
    "POST, verify",
    "GET, locks?path=a%20b&limit=10",
    "POST, locks",
    "POST, locks/verify",
    "POST, locks/17/unlock"
  })
  void each_call_reaches_the_node_with_its_body(String method, String path) {
    String target = BASE + path.replace("OID", OID);
    boolean hasBody = !method.equals("GET");
    String lines = hasBody ? "Content-Type: " + TYPE + "\r\nContent-Length: 5\r\n" : "";
    RawMessage response = exchange(method, target, lines, hasBody ? "abcde" : "");
    assertThat(response.status()).isEqualTo(200);
    assertThat(node.lastRequest().startLine()).isEqualTo(method + " " + target + " HTTP/1.1");
    assertThat(node.lastRequest().bodyText()).isEqualTo(hasBody ? "abcde" : "");
  }

  @Test
  void the_links_of_a_batch_lead_through_the_name_that_was_called() {
    ProxyConfig config = config();
    String sites =
        "{ code: { url: \"https://code.test\", pool: nodes,"
            + " aliases: [ \"http://127.0.0.1:PORT\" ] } }";
    restart(config.section("sites", sites.replace("PORT", "" + config.httpPort())));
    node.respondWithBody(
        """
        {"transfer":"basic","objects":[{"oid":"%s","size":1,"authenticated":true,"actions":{
        "download":{"href":"NODE/acme/app.git/info/lfs/objects/basic/x","header":{"A":"b"}},
        "upload":{"href":"https://code.test/acme/app.git/info/lfs/objects/basic/x?y=1"},
        "verify":{"href":"https://store.test/x","header":{"Authorization":"store"}}}}],"x":1.0}
        """
            .formatted(OID)
            .replace("NODE", node.url()));
    RawMessage response = batch("download", "");
    assertThat(response.status()).isEqualTo(200);
    String called = "http://127.0.0.1:" + proxy.port("http");
    assertThat(response.bodyText())
        .contains(
            "\"href\":\"" + called + "/acme/app.git/info/lfs/objects/basic/x\"",
            "\"href\":\"" + called + "/acme/app.git/info/lfs/objects/basic/x?y=1\"",
            "\"href\":\"https://store.test/x\",\"header\":{\"Authorization\":\"store\"}",
            "\"A\":\"b\"",
            "\"authenticated\":true",
            "\"x\":1.0");
    assertThat(response.header("Content-Length"))
        .containsExactly(String.valueOf(response.body().length));
  }

  @Test
  void no_response_to_a_batch_shows_a_credential_that_the_client_did_not_send() {
    node.respondWithBody(
        """
        {"objects":[{"oid":"x","actions":{"download":{"href":"NODE/a","header":{
        "Authorization":"Basic c3ZjOnNlY3JldA==","authorization":"CLIENT","X":"y"}},
        "upload":{"href":"https://store.test/a","header":{"Authorization":"Basic x"}}}}]}
        """
            .replace("NODE", node.url())
            .replace("CLIENT", basic("alice", "pw")));
    String body = batch("download", "Authorization: " + basic("alice", "pw") + "\r\n").bodyText();
    assertThat(body)
        .contains("\"header\":{\"authorization\":\"" + basic("alice", "pw") + "\",\"X\":\"y\"}")
        .contains("\"Authorization\":\"Basic x\"")
        .doesNotContain("c3ZjOnNlY3JldA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{}",
        "{\"operation\":\"delete\"}",
        "{\"operation\":\"download\",\"operation\":\"upload\"}",
        "{\"operation\":\"download\",\"Operation\":\"upload\"}",
        "{\"operation\":1}",
        "{\"operation\":\"download\"} x",
        "{\"operation\":\"download\",\"objects\":[{\"oid\":\"../../x\"}]}",
        "{\"operation\":\"download\",\"objects\":[{\"oid\":17}]}",
        "{\"operation\":\"download\",\"objects\":[{\"OID\":\"../../x\"}]}",
        "{\"operation\":\"download\",\"objects\":[{\"oid\":\"0123\"}]}"
      })
  void a_batch_that_could_be_read_differently_reaches_no_node(String body) {
    RawMessage response = postBatch("", body);
    assertThat(response.status()).isEqualTo(422);
    assertThat(response.header("Content-Type")).containsExactly(TYPE);
    assertThat(response.bodyText()).contains("\"message\":\"the ").contains("batch", "(decision ");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_batch_over_one_mebibyte_reaches_no_node() {
    String body = "{\"operation\":\"download\",\"x\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(postBatch("", body).status()).isEqualTo(422);
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_batch_may_do_what_its_operation_may() {
    restart(
        config()
            .section(
                "policy",
                "[ { deny: [ write ], repositories: [ \"acme/**\" ], because: \"mirrored here\" },"
                    + " { allow: [ all ] } ]"));
    node.respondWithBody("{}");
    String bob = "Authorization: " + basic("bob", "pw") + "\r\n";
    assertThat(batch("download", bob).status()).isEqualTo(200);
    assertThat(exchange("GET", BASE + "objects/" + OID, bob, "").status()).isEqualTo(200);
    int allowed = node.requests().size();
    for (RawMessage refused :
        List.of(
            batch("upload", bob),
            exchange("PUT", BASE + "objects/" + OID, bob + "Content-Length: 0\r\n", ""),
            exchange("POST", BASE + "locks/verify", bob + "Content-Length: 0\r\n", ""))) {
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.bodyText()).contains("\"message\":\"mirrored here (decision ");
    }
    RawMessage anonymous = exchange("POST", BASE + "locks/verify", "Content-Length: 0\r\n", "");
    assertThat(anonymous.status()).isEqualTo(401);
    assertThat(anonymous.header("WWW-Authenticate")).hasSize(1);
    assertThat(node.requests()).hasSize(allowed);
  }

  @Test
  void an_object_over_the_limit_is_refused() {
    restart(config().section("limits", "{ upload: 1KiB }"));
    RawMessage response =
        exchange("PUT", BASE + "objects/" + OID, "Content-Length: 1025\r\n", "x".repeat(1025));
    assertThat(response.status()).isEqualTo(413);
    assertThat(response.bodyText()).contains("\"message\":\"the upload is larger than");
    assertThat(node.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /acme/app.git/INFO/LFS/objects/batch, 404",
    "PUT, /acme/app.git/info/lfs/objects/../../x, 400",
    "PUT, /acme/app.git/info/lfs/objects/0123, 404",
    "DELETE, /acme/app.git/info/lfs/locks, 405",
    "POST, /acme/../app.git/info/lfs/locks, 400"
  })
  void what_is_no_request_of_git_lfs_reaches_no_node(String method, String path, int status) {
    RawMessage response = exchange(method, path, "Content-Length: 0\r\n", "");
    assertThat(response.status()).isEqualTo(status);
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_node_that_answers_a_batch_with_a_page_has_failed() {
    node.respondWithBody("<html>");
    RawMessage response = batch("download", "");
    assertThat(response.status()).isEqualTo(502);
    assertThat(response.bodyText()).contains("\"message\":\"the node one responded to a batch");
  }

  private static String basic(String user, String password) {
    byte[] text = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  private RawMessage batch(String operation, String lines) {
    String body =
        "{\"operation\":\"%s\",\"objects\":[{\"oid\":\"%s\",\"size\":1}]}"
            .formatted(operation, OID);
    return postBatch(lines, body);
  }

  private RawMessage postBatch(String lines, String body) {
    return exchange(
        "POST",
        BASE + "objects/batch",
        lines
            + "Accept: "
            + TYPE
            + "\r\nContent-Type: "
            + TYPE
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n",
        body);
  }

  private RawMessage exchange(String method, String target, String lines, String body) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      return client
          .send(
              "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n%s"
                  .formatted(method, target, proxy.port("http"), lines, body))
          .readResponse()
          .orElseThrow();
    }
  }
}
