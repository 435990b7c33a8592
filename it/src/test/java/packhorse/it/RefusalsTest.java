package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.identity.TokenHash;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// The refusals that git shows to its user, over HTTP and SSH: of credentials, by policy, of writes
/// to a read-only repository, over the size limit, and of unknown repositories and sites.
@ExtendWith(LeakDetector.class)
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

  RefusalsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    app = repositories.sample("acme/app");
    repositories.sample("secret/plan");
    repositories.sample("archive/old");
    key = SshKey.ed25519(folder, "bob");
    Files.writeString(folder.resolve("bob.hash"), TokenHash.of("oats").encoded() + "\n");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
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
  void clearRequests() {
    node.clearRequests();
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @Test
  void a_request_without_credentials_makes_git_ask_for_them() {
    CommandResult result = git().run("ls-remote", proxy.httpUrl("acme/app")).expectFailure();
    assertThat(result.stderr()).contains("could not read Username");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_wrong_credential_is_refused_without_asking_a_node() {
    CommandResult result =
        git().run("ls-remote", urlWithCredentials("bob", "straw", "acme/app")).expectFailure();
    assertThat(result.stderr()).contains("Authentication failed");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_denied_repository_is_refused_with_the_reason_of_its_rule() {
    CommandResult http =
        git().run("ls-remote", urlWithCredentials("bob", "oats", "secret/plan")).expectFailure();
    assertThat(http.stderr())
        .containsPattern("remote: not for interns \\(decision [0-9a-z]{12}\\)");
    CommandResult ssh = ssh().run("ls-remote", proxy.sshUrl("secret/plan")).expectFailure();
    assertThat(ssh.stderr()).containsPattern("not for interns \\(decision [0-9a-z]{12}\\)");
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_push_to_a_denied_ref_is_refused_as_a_whole_with_a_line_for_every_ref() {
    for (String url :
        new String[] {urlWithCredentials("bob", "oats", "acme/app"), proxy.sshUrl("acme/app")}) {
      String before = app.id("main");
      String name = "clone" + url.length();
      ssh().run("clone", url, name).expectSuccess();
      GitRunner clone = ssh().at(name);
      clone.commit("new", "text");
      CommandResult result =
          clone.run("push", "origin", "HEAD:main", "HEAD:refs/heads/fine").expectFailure();
      assertThat(result.stderr())
          .containsPattern("\\[remote rejected\\] HEAD -> main \\(main is changed by merge only")
          .containsPattern("\\[remote rejected\\] HEAD -> fine \\(main is changed by merge only")
          .contains("(decision ");
      assertThat(app.id("main")).isEqualTo(before);
      assertThat(app.contains("fine")).isFalse();
    }
  }

  @Test
  void a_read_only_repository_can_be_cloned_and_not_pushed_to() {
    git().run("clone", urlWithCredentials("bob", "oats", "archive/old"), "old").expectSuccess();
    CommandResult result =
        git().at("old").run("push", "origin", "HEAD:refs/heads/new").expectFailure();
    assertThat(result.stderr()).contains("the archive is frozen (decision ");
    CommandResult ssh =
        ssh()
            .at("old")
            .run("push", proxy.sshUrl("archive/old"), "HEAD:refs/heads/new")
            .expectFailure();
    assertThat(ssh.stderr()).contains("the archive is frozen (decision ");
    // Each record has the user, because the refusal comes after the login.
    Await.until(
        "two refusals of a user",
        () ->
            proxy.auditRecords().stream()
                    .filter(line -> line.contains("\"read-only\""))
                    .filter(line -> line.contains("\"user\":\"bob\""))
                    .count()
                == 2);
    CommandResult stranger =
        git()
            .at("old")
            .run("push", proxy.httpUrl("archive/old"), "HEAD:refs/heads/new")
            .expectFailure();
    assertThat(stranger.stderr()).contains("could not read Username").doesNotContain("frozen");
  }

  @Test
  void a_push_over_the_size_limit_is_refused_with_the_limit_over_every_transport() {
    for (String url :
        new String[] {urlWithCredentials("bob", "oats", "acme/app"), proxy.sshUrl("acme/app")}) {
      String name = "large" + url.length();
      ssh().run("clone", url, name).expectSuccess();
      GitRunner clone = ssh().at(name).config("core.compression", "0");
      clone.commit("large", "0123456789abcdef".repeat(200_000));
      CommandResult result = clone.run("push", "origin", "HEAD:refs/heads/large").expectFailure();
      assertThat(result.stderr())
          .contains("1048576 bytes")
          .doesNotContain("Broken pipe")
          .doesNotContain("curl");
      assertThat(app.contains("large")).isFalse();
    }
  }

  @Test
  void a_missing_repository_is_refused_by_the_node_over_http_and_by_the_proxy_over_ssh() {
    CommandResult http =
        git().run("ls-remote", urlWithCredentials("bob", "oats", "acme/none")).expectFailure();
    assertThat(http.stderr()).contains("not found");
    CommandResult ssh = ssh().run("ls-remote", proxy.sshUrl("acme/none")).expectFailure();
    assertThat(ssh.stderr()).contains("there is no such repository, or you may not read it");
  }

  @Test
  void a_request_for_an_unknown_site_is_refused() {
    CommandResult result =
        git()
            .config("http.extraHeader", "Host: evil.example")
            .run("ls-remote", urlWithCredentials("bob", "oats", "acme/app"))
            .expectFailure();
    assertThat(result.stderr()).contains("there is no site 'evil.example' here (decision ");
  }

  @Test
  void the_audit_has_one_record_with_the_id_that_a_refusal_shows() {
    CommandResult result =
        git().run("ls-remote", urlWithCredentials("bob", "oats", "secret/plan")).expectFailure();
    Matcher id = Pattern.compile("decision ([0-9a-z]{12})").matcher(result.stderr());
    assertThat(id.find()).isTrue();
    Await.until("the audit record", () -> recordCount(id.group(1)) > 0);
    assertThat(recordCount(id.group(1))).isEqualTo(1);
    assertThat(proxy.auditRecords().toString())
        .contains("\"user\":\"bob\"")
        .contains("policy rule 2 denies")
        .doesNotContain("oats");
  }

  private long recordCount(String id) {
    return proxy.auditRecords().stream()
        .filter(line -> line.contains("\"id\":\"" + id + "\""))
        .count();
  }

  private String urlWithCredentials(String user, String secret, String name) {
    return proxy.httpUrl(name).replace("http://", "http://" + user + ":" + secret + "@");
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }

  private GitRunner ssh() {
    return git()
        .ssh(
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
  }
}
