package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;
import packhorse.record.SecurityEvents;

/// Logins that fail: how many may, and who is not held up by them.
@ExtendWith(LeakDetector.class)
final class FailedLoginsTest {
  private static final int MAX_FAILURES = 5;

  private final Path folder;
  private final SshKey key;
  private final PlainNode node;
  private final RunningProxy proxy;

  FailedLoginsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    key = SshKey.ed25519(folder, "alice");
    Files.writeString(folder.resolve("token.hash"), TokenHash.of("oats").encoded());
    Files.writeString(
        folder.resolve("password.hash"), PasswordHash.of("hay", new SecureRandom()).encoded());
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .node("one", node.url())
                .pool("authentication: proxy")
                .user(
                    "alice",
                    "password: { file: password.hash }, tokens: [ { file: token.hash } ], keys: [ {"
                        + " file: alice.pub } ]")
                .section(
                    "policy",
                    "[ { allow: [ all ], groups: [ \"user:alice\" ] }, { deny: [ all ] } ]")
                .section("limits", "{ logins: { failures: " + MAX_FAILURES + "/1h } }"));
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @Test
  void after_too_many_wrong_passwords_only_tokens_and_keys_are_accepted() {
    for (int i = 0; i < MAX_FAILURES; i++) assertThat(status("alice:straw-" + i)).isEqualTo("401");
    assertThat(status("alice:hay")).isEqualTo("429");
    assertThat(git().run("ls-remote", url("alice:hay")).expectFailure().stderr())
        .contains("remote: too many logins from your address have failed");
    for (String form :
        List.of("alice:oats", "gitlab-ci-token:oats", "oats:", "oats:x-oauth-basic")) {
      git().run("ls-remote", url(form)).expectSuccess();
    }
    ssh(key).run("ls-remote", proxy.sshUrl("acme/app")).expectSuccess();
  }

  @Test
  void each_failed_login_and_unusable_secret_has_a_line_in_the_log_and_is_counted()
      throws IOException {
    SshKey stranger = SshKey.ed25519(folder, "stranger");
    Logger logger = (Logger) LoggerFactory.getLogger(SecurityEvents.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    try {
      assertThat(status("alice:straw")).isEqualTo("401");
      assertThat(status("s3cret:")).isEqualTo("401");
      ssh(stranger).run("ls-remote", proxy.sshUrl("acme/app")).expectFailure();
      Files.writeString(folder.resolve("password.hash"), "one\ntwo\n");
      assertThat(status("alice:hay")).isEqualTo("401");
      Files.delete(folder.resolve("token.hash"));
      assertThat(status("alice:oats")).isEqualTo("401");
      Await.until("the metrics", () -> metrics().contains("front=\"ssh\"} 1.0"));
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(metrics())
        .contains("packhorse_logins_failed_total{credential=\"password\",front=\"http\"} 4.0")
        .contains("packhorse_logins_failed_total{credential=\"key\",front=\"ssh\"} 1.0")
        .contains("packhorse_secrets_unreadable_total 3.0");
    String log =
        lines.list.stream()
            .map(line -> line.getFormattedMessage() + " " + line.getKeyValuePairs() + "\n")
            .collect(Collectors.joining());
    assertThat(log)
        .contains("login failed [address=\"127.0.0.1\", listener=\"http\", credential=\"password\"")
        .contains("login failed [address=\"127.0.0.1\", listener=\"ssh\", credential=\"key\"")
        .contains("password.hash has more than one line")
        .contains("token.hash does not exist")
        .doesNotContain("straw", "s3cret", "alice");
  }

  @Test
  void a_user_made_anew_has_nothing_of_the_old_one() throws IOException {
    for (String secret : List.of("hay", "oats")) {
      git().run("ls-remote", url("alice:" + secret)).expectSuccess();
    }
    Files.delete(folder.resolve("password.hash"));
    Files.delete(folder.resolve("token.hash"));
    for (String secret : List.of("hay", "oats"))
      assertThat(status("alice:" + secret)).isEqualTo("401");
    Files.writeString(
        folder.resolve("password.hash"), PasswordHash.of("clover", new SecureRandom()).encoded());
    Files.writeString(folder.resolve("token.hash"), TokenHash.of("bran").encoded());
    for (String secret : List.of("hay", "oats"))
      assertThat(status("alice:" + secret)).isEqualTo("401");
    for (String secret : List.of("clover", "bran")) {
      git().run("ls-remote", url("alice:" + secret)).expectSuccess();
    }
  }

  private String metrics() {
    String url = "http://127.0.0.1:" + proxy.port("status") + "/metrics";
    return git().program("curl", "-s", url).run().output();
  }

  private GitRunner ssh(SshKey sshKey) {
    return git()
        .ssh(
            OpenSshClient.acceptNewHostKey(
                sshKey.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
  }

  private String status(String credentials) {
    String url = url(credentials) + "/info/refs?service=git-upload-pack";
    return git().program("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url).run().output();
  }

  private String url(String credentials) {
    return proxy.httpUrl("acme/app").replace("http://", "http://" + credentials + "@");
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("client"));
  }
}
