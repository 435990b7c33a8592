package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.Await;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Transport;

/// Corners 3 and 5: what a node says before and after a push, and to whom.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class ReceivePackTest {
  private static final String SERVICE_LINE = "001f# service=git-receive-pack\n0000";

  private final Stage stage;

  ReceivePackTest(@TempDir Path folder) {
    stage = Stage.of(folder, 2);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Test
  void what_a_node_says_before_a_push_arrives_byte_for_byte() throws IOException {
    Repository lender = stage.repositories().sample("acme/lender");
    Repository app = stage.repositories().empty("acme/borrower", "receive.hideRefs=refs/pull");
    Files.writeString(
        app.folder().resolve("objects/info/alternates"), lender.folder() + "/objects\n");
    app.point("refs/heads/main", lender.id("topic"));
    app.point("refs/pull/1/head", lender.id("develop"));
    String direct = advertised(stage.node(0).port(), app);
    assertThat(direct).contains(".have", "push-cert=").doesNotContain("refs/pull");
    assertThat(advertised(stage.proxy().port("http"), app)).isEqualTo(direct);
    assertThat(overSsh(app)).isEqualTo(direct.substring(SERVICE_LINE.length()));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_push_goes_to_the_node_that_was_asked_before_it(Transport transport) {
    for (int i = 0; i < 4; i++) {
      Repository app = stage.repositories().sample("same/" + transport + i);
      GitRunner work = stage.cloned(transport, app.name(), "same-" + transport + i);
      stage.forget();
      work.git("push", "origin", "HEAD:refs/heads/new").expectSuccess();
      for (int n = 0; n < 2; n++) {
        PlainNode node = stage.node(n);
        assertThat(node.requests(SeenRequest::pushPost))
            .hasSameSizeAs(node.requests(one -> one.query().equals("service=git-receive-pack")));
      }
      assertThat(stage.heard(SeenRequest::pushPost)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_push_is_seen_while_the_hook_after_it_still_runs(Transport transport) throws IOException {
    Repository app = stage.repositories().sample("hook/" + transport);
    app.hook(
        "post-receive",
        "n=0; while [ ! -e go ] && [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done");
    GitRunner work = stage.cloned(transport, app.name(), "hook-" + transport);
    String id = work.commit("new", "text");
    try (Started push = work.command("push", "origin", "HEAD:refs/heads/new").start()) {
      Await.until("the ref is there", () -> app.has("refs/heads/new"));
      for (Transport other : new Transport[] {Transport.HTTP1, Transport.SSH}) {
        String url = stage.url(other, app.name());
        assertThat(work.git("ls-remote", url, "refs/heads/new").output()).startsWith(id);
      }
      assertThat(push.alive()).isTrue();
      Files.createFile(app.folder().resolve("go"));
      push.finish().expectSuccess();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_hook_may_give_a_ref_another_name(Transport transport) {
    Repository app = stage.repositories().sample("renamed/" + transport);
    GitRunner work = stage.cloned(transport, app.name(), "renamed-" + transport);
    String id = work.commit("new", "text");
    String answer =
        pkt("ok refs/for/main")
            + pkt("option refname refs/pull/7/head")
            + pkt("option new-oid " + id);
    app.set("receive.procReceiveRefs", "refs/for")
        .hook("proc-receive", "printf '000dversion=10000" + answer + "0000'; cat > /dev/null");
    String said = work.git("push", "origin", "HEAD:refs/for/main").expectSuccess().stderr();
    assertThat(said).contains("HEAD -> refs/pull/7/head");
    assertThat(stage.audit(1, app.name() + "\"", "\"refs/for/main\"", "\"result\":\"ok\""))
        .hasSize(1);
  }

  private static String advertised(int port, Repository app) {
    try (var client = RawClient.connect(port)) {
      client.send(
          "GET /"
              + app.path()
              + "/info/refs?service=git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\n\r\n");
      return masked(client.answer().orElseThrow().text());
    }
  }

  private String overSsh(Repository app) throws IOException {
    try (Started ssh =
        SshTalk.exec(stage.way(), stage.folder(), "git-receive-pack '" + app.name() + "'")) {
      ssh.stdin().write("0000".getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      return masked(ssh.finish().expectSuccess().stdout());
    }
  }

  /// A nonce tells the time.
  private static String masked(String advertisement) {
    return advertisement.replaceAll("push-cert=[0-9]+-[0-9a-f]+", "push-cert=N");
  }
}
