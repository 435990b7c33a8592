package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.ssh.SshKey;

/// Policy rules about refs apply to the commands of a push, in a push certificate too: corners 1, 4
/// and 6 of `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class SignedPushTest {
  private static final String POLICY =
      """
      [ { deny: [ update ], refs: [ "refs/heads/main" ], because: "main is changed by merge only" },
        { deny: [ delete ], refs: [ "refs/tags/**" ], because: "a tag stays" },
        { deny: [ create ], refs: [ "refs/heads/release/**" ], because: "releases are made elsewhere" },
        { allow: [ all ] } ]
      """
          .strip()
          .replace("\n", " ");

  private static final String NO_OBJECT = "0".repeat(40);

  private final ProxyFixture fixture;

  SignedPushTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1, config -> config.section("policy", POLICY));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_signed_push_to_a_denied_ref_is_refused(GitTransport transport) {
    Repository app = fixture.repositories().sample("signed/" + transport);
    GitRunner clone =
        withSigningKey(fixture.gitClone(transport, app.name(), "signed-" + transport));
    String before = app.id("main");
    clone.commit("new", "text");
    fixture.clearRequests();
    String stderr =
        clone
            .run("push", "--signed=yes", "origin", "HEAD:main", "HEAD:refs/heads/fine")
            .expectExit(1)
            .stderr();
    assertThat(stderr)
        .containsPattern("\\[remote rejected\\] HEAD -> main \\(main is changed by merge only")
        .containsPattern("\\[remote rejected\\] HEAD -> fine \\(main is changed by merge only");
    assertThat(fixture.requests(RecordedRequest::isReceivePackPost)).isEmpty();
    assertThat(app.id("main")).isEqualTo(before);
    clone.run("push", "--signed=yes", "origin", "HEAD:refs/heads/fine").expectSuccess();
    assertThat(app.id("fine")).isEqualTo(clone.id("HEAD"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void create_update_and_delete_are_different_actions(GitTransport transport) {
    Repository app = fixture.repositories().sample("three/" + transport);
    GitRunner clone = fixture.gitClone(transport, app.name(), "three-" + transport);
    clone.run("reset", "-q", "--hard", "HEAD~1").expectSuccess();
    assertRefused(clone, "main is changed by merge only", "--force", "HEAD:main");
    assertRefused(clone, "a tag stays", ":refs/tags/v1.0");
    assertRefused(clone, "releases are made elsewhere", "HEAD:refs/heads/release/1");
    clone.run("push", "origin", ":refs/heads/topic", "HEAD:refs/tags/v9").expectSuccess();
    app.updateRef("refs/heads/release/1", "develop");
    clone.run("push", "--force", "origin", "HEAD:refs/heads/release/1").expectSuccess();
  }

  @Test
  void a_push_with_unreadable_commands_reaches_no_node() {
    fixture.repositories().sample("acme/app");
    fixture.clearRequests();
    assertThat(push("acme/app", "0010push-cert\0\n0013nothing we know\n0000PACK"))
        .contains("(decision ");
    assertThat(fixture.requests(RecordedRequest::isReceivePackPost)).isEmpty();
  }

  @Test
  void a_denied_command_is_found_after_texts_that_look_like_the_end_of_the_commands() {
    Repository app = fixture.repositories().sample("acme/end");
    fixture.clearRequests();
    String tip = app.id("main");
    String first = NO_OBJECT + " " + tip + " refs/heads/PACK";
    String body =
        pkt(first + "\0report-status push-options agent=0000PACK\n")
            + pkt(NO_OBJECT + " " + tip + " refs/heads/0000PACK\n")
            + pkt(tip + " " + app.id("main~1") + " refs/heads/main\n")
            + "0000"
            + pkt("PACK")
            + "0000PACK";
    assertThat(push(app.name(), body))
        .contains("ng refs/heads/PACK main is", "ng refs/heads/main main is changed by merge only");
    assertThat(fixture.requests(RecordedRequest::isReceivePackPost)).isEmpty();
    assertThat(app.contains("refs/heads/PACK")).isFalse();
  }

  /// Sends the bytes of a push and returns the response.
  private String push(String name, String body) {
    int port = fixture.proxy().port("http");
    try (var client = RawClient.connect(port)) {
      client.send("POST /" + name + ".git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:" + port);
      client.send("\r\nContent-Type: application/x-git-receive-pack-request\r\nContent-Length: ");
      client.send(body.length() + "\r\n\r\n" + body);
      return client.readResponse().orElseThrow().bodyText();
    }
  }

  private static void assertRefused(GitRunner clone, String reason, String... push) {
    var argv = new ArrayList<>(List.of("push", "origin"));
    argv.addAll(List.of(push));
    String stderr = clone.run(argv.toArray(String[]::new)).expectExit(1).stderr();
    assertThat(stderr).contains("[remote rejected]", "(" + reason + " (decision ");
  }

  private GitRunner withSigningKey(GitRunner clone) {
    SshKey key = SshKey.ed25519(clone.directory(), "signer");
    return clone.config("gpg.format", "ssh").config("user.signingKey", key.privateKey().toString());
  }
}
