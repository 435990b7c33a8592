package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// The node's ref advertisement before a push and its report after it: corners 3 and 5 of
/// `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class ReceivePackTest {
  private static final String SERVICE_LINE = "001f# service=git-receive-pack\n0000";

  private final ProxyFixture fixture;

  ReceivePackTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 2);
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void the_receive_pack_advertisement_is_relayed_byte_for_byte() throws IOException {
    Repository lender = fixture.repositories().sample("acme/lender");
    Repository app = fixture.repositories().empty("acme/borrower", "receive.hideRefs=refs/pull");
    Files.writeString(
        app.folder().resolve("objects/info/alternates"), lender.folder() + "/objects\n");
    app.updateRef("refs/heads/main", lender.id("topic"));
    app.updateRef("refs/pull/1/head", lender.id("develop"));
    String direct = advertisementOverHttp(fixture.node(0).port(), app);
    assertThat(direct).contains(".have", "push-cert=").doesNotContain("refs/pull");
    assertThat(advertisementOverHttp(fixture.proxy().port("http"), app)).isEqualTo(direct);
    assertThat(advertisementOverSsh(app)).isEqualTo(direct.substring(SERVICE_LINE.length()));
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_push_goes_to_the_node_that_sent_its_advertisement(GitTransport transport) {
    for (int i = 0; i < 4; i++) {
      Repository app = fixture.repositories().sample("same/" + transport + i);
      GitRunner clone = fixture.gitClone(transport, app.name(), "same-" + transport + i);
      fixture.clearRequests();
      clone.run("push", "origin", "HEAD:refs/heads/new").expectSuccess();
      for (int n = 0; n < 2; n++) {
        PlainNode node = fixture.node(n);
        assertThat(node.requests(RecordedRequest::isReceivePackPost))
            .hasSameSizeAs(
                node.requests(request -> request.query().equals("service=git-receive-pack")));
      }
      assertThat(fixture.requests(RecordedRequest::isReceivePackPost)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_push_is_visible_while_its_post_receive_hook_runs(GitTransport transport)
      throws IOException {
    Repository app = fixture.repositories().sample("hook/" + transport);
    app.installHook(
        "post-receive",
        "n=0; while [ ! -e go ] && [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done");
    GitRunner clone = fixture.gitClone(transport, app.name(), "hook-" + transport);
    String id = clone.commit("new", "text");
    try (RunningCommand push = clone.command("push", "origin", "HEAD:refs/heads/new").start()) {
      Await.until("the ref exists", () -> app.contains("refs/heads/new"));
      for (GitTransport other : new GitTransport[] {GitTransport.HTTP1, GitTransport.SSH}) {
        String url = fixture.url(other, app.name());
        assertThat(clone.run("ls-remote", url, "refs/heads/new").output()).startsWith(id);
      }
      assertThat(push.isAlive()).isTrue();
      Files.createFile(app.folder().resolve("go"));
      push.waitFor().expectSuccess();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_proc_receive_hook_may_rename_a_ref(GitTransport transport) {
    Repository app = fixture.repositories().sample("renamed/" + transport);
    GitRunner clone = fixture.gitClone(transport, app.name(), "renamed-" + transport);
    String id = clone.commit("new", "text");
    String options =
        pkt("ok refs/for/main")
            + pkt("option refname refs/pull/7/head")
            + pkt("option new-oid " + id);
    app.config("receive.procReceiveRefs", "refs/for")
        .installHook(
            "proc-receive", "printf '000dversion=10000" + options + "0000'; cat > /dev/null");
    String output = clone.run("push", "origin", "HEAD:refs/for/main").expectSuccess().stderr();
    assertThat(output).contains("HEAD -> refs/pull/7/head");
    assertThat(
            fixture.awaitAuditRecords(
                1, app.name() + "\"", "\"refs/for/main\"", "\"result\":\"ok\""))
        .hasSize(1);
  }

  private static String advertisementOverHttp(int port, Repository app) {
    try (var client = RawClient.connect(port)) {
      client.send(
          "GET /"
              + app.path()
              + "/info/refs?service=git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\n\r\n");
      return withoutNonce(client.readResponse().orElseThrow().bodyText());
    }
  }

  private String advertisementOverSsh(Repository app) throws IOException {
    try (RunningCommand ssh =
        fixture.sshClient().exec(fixture.folder(), "git-receive-pack '" + app.name() + "'")) {
      ssh.stdin().write("0000".getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      return withoutNonce(ssh.waitFor().expectSuccess().stdout());
    }
  }

  /// Masks the nonce of an advertisement, which depends on the time.
  private static String withoutNonce(String advertisement) {
    return advertisement.replaceAll("push-cert=[0-9]+-[0-9a-f]+", "push-cert=N");
  }
}
