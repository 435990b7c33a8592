package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.identity.TokenHash;
import packhorse.it.kit.Await;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;

/// Every kind of refusal, as the user of git reads it, over HTTP and SSH.
@ExtendWith(Leaks.class)
final class RefusalsTest {
  private static final String POLICY =
      """
      [ { deny: [ update ], refs: [ "refs/heads/main" ], groups: [ interns ], because: "main is changed by merge only" },
        { deny: [ all ], repositories: [ "secret/**" ], groups: [ interns ], because: "not for interns" },
        { deny: [ write ], repositories: [ "secret/**" ] },
        { allow: [ all ], groups: [ staff ] },
        { deny: [ all ] } ]
      """
          .strip()
          .replace("\n", " ");

  private final Path folder;
  private final SshKey key;
  private final Repository app;
  private final PlainNode node;
  private final RunningProxy proxy;

  RefusalsTest(@TempDir Path folder) throws java.io.IOException {
    this.folder = folder;
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    app = repositories.sample("acme/app");
    repositories.sample("secret/plan");
    repositories.sample("archive/old");
    key = SshKey.ed25519(folder, "bob");
    java.nio.file.Files.writeString(
        folder.resolve("bob.hash"), TokenHash.of("oats").encoded() + "\n");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    proxy =
        RunningProxy.start(
            ProxyText.in(folder)
                .node("one", node.url())
                .pool("authentication: proxy")
                .pool("act-as: nobody")
                .user("bob", "tokens: [ { file: bob.hash } ], keys: [ { file: bob.pub } ]")
                .section("groups", "{ staff: [ \"user:bob\" ], interns: [ \"user:bob\" ] }")
                .section(
                    "placement",
                    "[ { match: \"archive/**\", pool: nodes, read-only: \"the archive is frozen\" }"
                        + " ]")
                .section("limits", "{ push: 1MiB }")
                .section("policy", POLICY));
  }

  @BeforeEach
  void forget() {
    node.forget();
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @Test
  void without_a_credential_git_is_asked_for_one() {
    Ran ran = git().git("ls-remote", proxy.http("acme/app")).expectFailure();
    assertThat(ran.stderr()).contains("could not read Username");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_wrong_credential_is_refused_and_no_node_hears_of_it() {
    Ran ran = git().git("ls-remote", as("bob", "straw", "acme/app")).expectFailure();
    assertThat(ran.stderr()).contains("Authentication failed");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_denied_repository_is_refused_with_the_reason_of_the_rule() {
    Ran http = git().git("ls-remote", as("bob", "oats", "secret/plan")).expectFailure();
    assertThat(http.stderr())
        .containsPattern("remote: not for interns \\(decision [0-9a-z]{12}\\)");
    Ran ssh = ssh().git("ls-remote", proxy.ssh("secret/plan")).expectFailure();
    assertThat(ssh.stderr()).containsPattern("not for interns \\(decision [0-9a-z]{12}\\)");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_denied_ref_is_refused_with_a_line_for_every_ref_and_nothing_is_done() {
    for (String url : new String[] {as("bob", "oats", "acme/app"), proxy.ssh("acme/app")}) {
      String before = app.id("main");
      String name = "clone" + url.length();
      ssh().git("clone", url, name).expectSuccess();
      GitRunner clone = ssh().at(name);
      clone.commit("new", "text");
      Ran ran = clone.git("push", "origin", "HEAD:main", "HEAD:refs/heads/fine").expectFailure();
      assertThat(ran.stderr())
          .containsPattern("\\[remote rejected\\] HEAD -> main \\(main is changed by merge only")
          .containsPattern("\\[remote rejected\\] HEAD -> fine \\(main is changed by merge only")
          .contains("(decision ");
      assertThat(app.id("main")).isEqualTo(before);
      assertThat(app.has("fine")).isFalse();
    }
  }

  @Test
  void a_frozen_repository_is_read_and_not_written() {
    git().git("clone", as("bob", "oats", "archive/old"), "old").expectSuccess();
    Ran ran = git().at("old").git("push", "origin", "HEAD:refs/heads/new").expectFailure();
    assertThat(ran.stderr()).contains("the archive is frozen (decision ");
  }

  @Test
  void a_push_over_the_limit_is_told_the_limit_over_every_transport() {
    for (String url : new String[] {as("bob", "oats", "acme/app"), proxy.ssh("acme/app")}) {
      String name = "large" + url.length();
      ssh().git("clone", url, name).expectSuccess();
      GitRunner clone = ssh().at(name).set("core.compression", "0");
      clone.commit("large", "0123456789abcdef".repeat(200_000));
      Ran ran = clone.git("push", "origin", "HEAD:refs/heads/large").expectFailure();
      assertThat(ran.stderr())
          .contains("1048576 bytes")
          .doesNotContain("Broken pipe")
          .doesNotContain("curl");
      assertThat(app.has("large")).isFalse();
    }
  }

  @Test
  void a_missing_repository_is_the_nodes_own_no_over_http_and_ours_in_words_over_ssh() {
    Ran http = git().git("ls-remote", as("bob", "oats", "acme/none")).expectFailure();
    assertThat(http.stderr()).contains("not found");
    Ran ssh = ssh().git("ls-remote", proxy.ssh("acme/none")).expectFailure();
    assertThat(ssh.stderr()).contains("there is no such repository, or it is not yours to see");
  }

  @Test
  void another_name_than_the_sites_is_refused() {
    Ran ran =
        git()
            .set("http.extraHeader", "Host: evil.example")
            .git("ls-remote", as("bob", "oats", "acme/app"))
            .expectFailure();
    assertThat(ran.stderr()).contains("there is no site 'evil.example' here (decision ");
  }

  @Test
  void a_refusal_can_be_explained_and_is_recorded_once() {
    Ran ran = git().git("ls-remote", as("bob", "oats", "secret/plan")).expectFailure();
    Matcher id = Pattern.compile("decision ([0-9a-z]{12})").matcher(ran.stderr());
    assertThat(id.find()).isTrue();
    Await.until("the record", () -> records(id.group(1)) > 0);
    assertThat(records(id.group(1))).isEqualTo(1);
    assertThat(proxy.audit().toString())
        .contains("\"user\":\"bob\"")
        .contains("policy rule 2 denies")
        .doesNotContain("oats");
  }

  private long records(String id) {
    return proxy.audit().stream().filter(line -> line.contains("\"id\":\"" + id + "\"")).count();
  }

  private String as(String user, String secret, String name) {
    return proxy.http(name).replace("http://", "http://" + user + ":" + secret + "@");
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }

  private GitRunner ssh() {
    return git()
        .ssh(SshWay.trusting(key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
  }
}
