package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.identity.PasswordHash;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// HTTP credentials: user names and passwords with special characters, two `Authorization` headers,
/// and the challenges of a node.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class CredentialsTest {
  /// The user `al@ex.org` with the password `p:wä+`, as a URL has them before the host.
  private static final String CREDENTIALS = "al%40ex.org:p%3Aw%C3%A4%2B@";

  /// The same in base64.
  private static final String AUTHORIZATION = "Basic YWxAZXgub3JnOnA6d8OkKw==";

  private final Path folder;
  private final PlainNode node;
  private final RunningProxy proxy;

  CredentialsTest(@TempDir Path folder) {
    this.folder = folder;
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    node =
        PlainNode.start(
            NodeOptions.of(repositories.root()).withUsers(Map.of("al@ex.org", "p:wä+")));
    proxy = RunningProxy.start(ProxyConfig.in(folder).node("one", node.url()));
  }

  @BeforeEach
  void clearRequests() {
    node.clearRequests();
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  @Test
  void credentials_with_a_colon_and_an_umlaut_reach_the_node_unchanged() {
    git().run("ls-remote", url(proxy, CREDENTIALS)).expectSuccess();
    assertThat(node.requests(request -> request.status() == 200))
        .isNotEmpty()
        .allSatisfy(
            request -> assertThat(request.header("Authorization")).containsExactly(AUTHORIZATION));
    Await.until(
        "the audit record",
        () -> proxy.auditRecords().toString().contains("\"claimed\":\"al@…6802cbd0\""));
  }

  @Test
  void credentials_with_a_colon_and_an_umlaut_are_verified_by_the_proxy(
      @TempDir Path verifyingFolder) throws IOException {
    String hash = PasswordHash.of("p:wä+", new SecureRandom()).encoded();
    Files.writeString(verifyingFolder.resolve("al.hash"), hash + "\n");
    ProxyConfig config =
        ProxyConfig.in(verifyingFolder)
            .node("one", node.url())
            .pool("authentication: proxy")
            .pool("act-as: { basic: { user: \"al@ex.org\", password: { file: node.secret } } }")
            .user("\"al@ex.org\"", "password: { file: al.hash }")
            .section(
                "policy",
                "[ { allow: [ all ], groups: [ \"user:al@ex.org\" ] }, { deny: [ all ] } ]");
    Files.writeString(verifyingFolder.resolve("node.secret"), "p:wä+\r\n");
    try (RunningProxy verifyingProxy = RunningProxy.start(config)) {
      git().run("ls-remote", url(verifyingProxy, CREDENTIALS)).expectSuccess();
      git().run("ls-remote", url(verifyingProxy, "al%40ex.org:p@")).expectFailure();
      Await.until(
          "the audit record",
          () -> verifyingProxy.auditRecords().toString().contains("\"user\":\"al@ex.org\""));
    }
    // The newline at the end of the secret's file is not part of the password.
    assertThat(node.requests(request -> request.status() == 200))
        .isNotEmpty()
        .allSatisfy(
            request -> assertThat(request.header("Authorization")).containsExactly(AUTHORIZATION));
  }

  @Test
  void two_authorization_headers_are_reported_as_such() {
    String stderr =
        git()
            .config("http.extraHeader", "Authorization: Basic eDp5")
            .config("http.extraHeader", "AUTHORIZATION: basic eDp6")
            .run("ls-remote", url(proxy, ""))
            .expectFailure()
            .stderr();
    assertThat(stderr).contains("remote: there are two Authorization headers", "(decision ");
    assertThat(node.requests()).isEmpty();
    assertThat(proxy.auditRecords().toString()).doesNotContain("eDp5").doesNotContain("eDp6");
  }

  @Test
  void a_challenge_that_cannot_pass_a_proxy_is_not_relayed() {
    List<Map.Entry<String, String>> challenges =
        List.of(
            Map.entry("WWW-Authenticate", "Negotiate"),
            Map.entry("WWW-Authenticate", "NTLM"),
            Map.entry("WWW-Authenticate", "Basic realm=\"x\""));
    node.fail(
        2,
        request -> request.header("Authorization").isEmpty(),
        new Fault.FixedResponse(401, challenges, "unauthorized"));
    String url = url(proxy, "") + "/info/refs?service=git-upload-pack";
    String headers = git().program("curl", "-s", "-D-", "-o", "/dev/null", url).run().output();
    assertThat(headers.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("www-")))
        .containsExactly("WWW-Authenticate: Negotiate", "WWW-Authenticate: Basic realm=\"x\"");
    git().run("ls-remote", url(proxy, CREDENTIALS)).expectSuccess();
    assertThat(node.requests(RecordedRequest::isAdvertisement)).hasSizeGreaterThan(1);
  }

  private static String url(RunningProxy proxy, String credentials) {
    return proxy.httpUrl("acme/app").replace("http://", "http://" + credentials);
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }
}
