package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Transport;

/// Corners 1, 4 and 6: rules on refs hold wherever the commands of a push stand.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
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

  private final Stage stage;

  SignedPushTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1, text -> text.section("policy", POLICY));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void signed_push_to_a_denied_ref(Transport transport) {
    Repository app = stage.repositories().sample("signed/" + transport);
    GitRunner work = signing(stage.cloned(transport, app.name(), "signed-" + transport));
    String before = app.id("main");
    work.commit("new", "text");
    stage.forget();
    String said =
        work.git("push", "--signed=yes", "origin", "HEAD:main", "HEAD:refs/heads/fine")
            .expectExit(1)
            .stderr();
    assertThat(said)
        .containsPattern("\\[remote rejected\\] HEAD -> main \\(main is changed by merge only")
        .containsPattern("\\[remote rejected\\] HEAD -> fine \\(main is changed by merge only");
    assertThat(stage.heard(SeenRequest::pushPost)).isEmpty();
    assertThat(app.id("main")).isEqualTo(before);
    work.git("push", "--signed=yes", "origin", "HEAD:refs/heads/fine").expectSuccess();
    assertThat(app.id("fine")).isEqualTo(work.id("HEAD"));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void to_create_to_update_and_to_delete_are_three_things(Transport transport) {
    Repository app = stage.repositories().sample("three/" + transport);
    GitRunner work = stage.cloned(transport, app.name(), "three-" + transport);
    work.git("reset", "-q", "--hard", "HEAD~1").expectSuccess();
    refused(work, "main is changed by merge only", "--force", "HEAD:main");
    refused(work, "a tag stays", ":refs/tags/v1.0");
    refused(work, "releases are made elsewhere", "HEAD:refs/heads/release/1");
    work.git("push", "origin", ":refs/heads/topic", "HEAD:refs/tags/v9").expectSuccess();
    app.point("refs/heads/release/1", "develop");
    work.git("push", "--force", "origin", "HEAD:refs/heads/release/1").expectSuccess();
  }

  @Test
  void a_push_whose_commands_cannot_be_read_reaches_no_node() {
    stage.repositories().sample("acme/app");
    stage.forget();
    String body = "0010push-cert\0\n0013nothing we know\n0000PACK";
    int port = stage.proxy().port("http");
    try (var client = RawClient.connect(port)) {
      client.send("POST /acme/app.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:" + port);
      client.send("\r\nContent-Type: application/x-git-receive-pack-request\r\nContent-Length: ");
      client.send(body.length() + "\r\n\r\n" + body);
      assertThat(client.answer().orElseThrow().text()).contains("(decision ");
    }
    assertThat(stage.heard(SeenRequest::pushPost)).isEmpty();
  }

  private static void refused(GitRunner work, String because, String... push) {
    var argv = new java.util.ArrayList<>(java.util.List.of("push", "origin"));
    argv.addAll(java.util.List.of(push));
    String said = work.git(argv.toArray(String[]::new)).expectExit(1).stderr();
    assertThat(said).contains("[remote rejected]", "(" + because + " (decision ");
  }

  private GitRunner signing(GitRunner work) {
    SshKey key = SshKey.ed25519(work.directory(), "signer");
    return work.set("gpg.format", "ssh").set("user.signingKey", key.privateKey().toString());
  }
}
