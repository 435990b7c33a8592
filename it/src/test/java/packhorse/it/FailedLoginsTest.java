package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// Logins that fail: how many may, and who is not held up by them.
@ExtendWith(LeakDetector.class)
final class FailedLoginsTest {
  private static final int MAX_FAILURES = 3;

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
    git()
        .ssh(
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")))
        .run("ls-remote", proxy.sshUrl("acme/app"))
        .expectSuccess();
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
