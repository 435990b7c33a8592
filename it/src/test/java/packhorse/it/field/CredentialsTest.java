package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.identity.PasswordHash;
import packhorse.it.kit.Await;
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SeenRequest;

/// Names and passwords as people and CI systems write them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class CredentialsTest {
  private static final String WHO = "al%40ex.org:p%3Aw%C3%A4%2B@";

  private final Path folder;
  private final PlainNode node;
  private final RunningProxy proxy;

  CredentialsTest(@TempDir Path folder) {
    this.folder = folder;
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    node = PlainNode.start(NodeOptions.of(repositories.root()).users(Map.of("al@ex.org", "p:wä+")));
    proxy = RunningProxy.start(ProxyText.in(folder).node("one", node.url()));
  }

  @BeforeEach
  void forget() {
    node.forget();
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  @Test
  void a_colon_and_an_umlaut_reach_the_node_as_they_came() {
    git().git("ls-remote", url(proxy, WHO)).expectSuccess();
    assertThat(node.requests(one -> one.status() == 200))
        .isNotEmpty()
        .allSatisfy(one ->
            assertThat(one.header("Authorization"))
                .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw=="));
    Await.until("the record", () -> proxy.audit().toString().contains("\"claimed\":\"al@ex.org\""));
  }

  @Test
  void a_colon_and_an_umlaut_are_right_in_our_own_directory(@TempDir Path other)
      throws IOException {
    String hash = PasswordHash.of("p:wä+", new SecureRandom()).encoded();
    Files.writeString(other.resolve("al.hash"), hash + "\n");
    ProxyText text =
        ProxyText.in(other)
            .node("one", node.url())
            .pool("authentication: proxy")
            .pool("act-as: { basic: { user: \"al@ex.org\", password: { file: node.secret } } }")
            .user("\"al@ex.org\"", "password: { file: al.hash }")
            .section(
                "policy",
                "[ { allow: [ all ], groups: [ \"user:al@ex.org\" ] }, { deny: [ all ] } ]");
    Files.writeString(other.resolve("node.secret"), "p:wä+\r\n");
    try (RunningProxy own = RunningProxy.start(text)) {
      git().git("ls-remote", url(own, WHO)).expectSuccess();
      git().git("ls-remote", url(own, "al%40ex.org:p@")).expectFailure();
      Await.until("the record", () -> own.audit().toString().contains("\"user\":\"al@ex.org\""));
    }
    // the newline at the end of the secret's file is not a part of it
    assertThat(node.requests(one -> one.status() == 200))
        .isNotEmpty()
        .allSatisfy(one ->
            assertThat(one.header("Authorization"))
                .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw=="));
  }

  @Test
  void two_authorization_headers_are_told_apart_from_a_wrong_one() {
    String said =
        git()
            .set("http.extraHeader", "Authorization: Basic eDp5")
            .set("http.extraHeader", "AUTHORIZATION: basic eDp6")
            .git("ls-remote", url(proxy, ""))
            .expectFailure()
            .stderr();
    assertThat(said).contains("remote: there are two Authorization headers", "(decision ");
    assertThat(node.requests()).isEmpty();
    assertThat(proxy.audit().toString()).doesNotContain("eDp5").doesNotContain("eDp6");
  }

  @Test
  void a_challenge_that_nobody_behind_us_could_complete_is_not_offered() {
    List<Map.Entry<String, String>> three =
        List.of(
            Map.entry("WWW-Authenticate", "Negotiate"),
            Map.entry("WWW-Authenticate", "NTLM"),
            Map.entry("WWW-Authenticate", "Basic realm=\"x\""));
    node.fail(2, one -> one.header("Authorization").isEmpty(), new Fault.Says(401, three, "who?"));
    String target = url(proxy, "") + "/info/refs?service=git-upload-pack";
    String head = git().program("curl", "-s", "-D-", "-o", "/dev/null", target).run().output();
    assertThat(
            head.lines().filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("www-")))
        .containsExactly("WWW-Authenticate: Negotiate", "WWW-Authenticate: Basic realm=\"x\"");
    git().git("ls-remote", url(proxy, WHO)).expectSuccess();
    assertThat(node.requests(SeenRequest::advertisement)).hasSizeGreaterThan(1);
  }

  private static String url(RunningProxy proxy, String who) {
    return proxy.http("acme/app").replace("http://", "http://" + who);
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }
}
