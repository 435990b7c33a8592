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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.node.SshNode;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.ssh.OpenSshClient;

/// Fetches in protocol v0 that negotiate in several rounds: one SSH connection of the client, one
/// HTTP request to the node for each round. Corners 8 and 9 of `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class NegotiationTest {
  private final ProxyFixture fixture;
  private final SshNode directNode;

  NegotiationTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 2);
    directNode = SshNode.start(fixture.repositories().root());
  }

  @AfterAll
  void stop() {
    fixture.close();
    directNode.close();
  }

  @Test
  void negotiation_over_ssh_takes_as_many_rounds_as_at_the_node() throws IOException {
    Repository app = fixture.repositories().sample("acme/many");
    GitRunner git = fixture.git("many").protocol(0);
    git.run("clone", "-q", fixture.proxy().sshUrl(app.name()), "one").expectSuccess();
    Path localCommits = Files.writeString(fixture.folder().resolve("mine"), newerCommits(1_000));
    git.at("one").command("fast-import", "--quiet").input(localCommits).run().expectSuccess();
    Files.createDirectories(git.directory().resolve("two"));
    git.program("cp", "-r", "one/.git", "two/.git").run().expectSuccess();
    app.commit("main", "theirs", "theirs");
    fixture.clearRequests();
    String viaProxy = packetTrace(git.at("one"), fixture.proxy().sshUrl(app.name()));
    Path knownHosts = fixture.folder().resolve("known-direct");
    OpenSshClient directClient =
        OpenSshClient.acceptNewHostKey(fixture.key().privateKey(), directNode.port(), knownHosts);
    String directly = packetTrace(git.at("two").ssh(directClient), directNode.url(app.name()));
    assertThat(count(viaProxy, "> have ")).isEqualTo(count(directly, "> have ")).isGreaterThan(200);
    assertThat(count(viaProxy, "> 0000")).isEqualTo(count(directly, "> 0000"));
    // Each flush, and the done at the end, costs the node at most one request.
    assertThat(fixture.requests(RecordedRequest::isUploadPackPost).size())
        .isLessThanOrEqualTo(count(viaProxy, "> 0000") + 1);
    git.at("one").run("fsck", "--strict").expectSuccess();
  }

  @Test
  void the_final_ack_names_a_commit_that_a_round_acknowledged() throws IOException {
    Repository app = fixture.repositories().sample("acme/last");
    String base = app.id("main~2");
    String wants =
        pkt("want " + app.id("main") + " multi_ack_detailed side-band-64k ofs-delta\n") + "0000";
    String rounds = pkt("have " + base + "\n") + "0000" + pkt("have " + "40".repeat(20) + "\n");
    String response = runUploadPack(app, wants + rounds + "0000" + pkt("done\n"));
    assertThat(response).contains("ACK " + base + " common\n");
    assertThat(response.substring(response.lastIndexOf(pkt("ACK " + base + "\n"))))
        .contains("PACK")
        .doesNotContain("NAK");
  }

  @Test
  void no_done_is_not_offered_over_ssh() throws IOException {
    Repository app = fixture.repositories().sample("acme/no-done");
    assertThat(runUploadPack(app, "0000")).contains("multi_ack_detailed").doesNotContain("no-done");
  }

  /// Returns commits for `git fast-import` that are newer than all commits of the node, so that git
  /// sends them as haves first.
  private static String newerCommits(int count) {
    var stream = new StringBuilder();
    for (int i = 0; i < count; i++) {
      stream.append("commit refs/heads/mine\ncommitter c <c@test> ").append(2_000_000_000 + i);
      stream.append(" +0000\ndata 2\nx\n");
      if (i == 0) stream.append("from refs/remotes/origin/main^0\n");
      stream.append('\n');
    }
    return stream.toString();
  }

  private String runUploadPack(Repository app, String input) throws IOException {
    String command = "git-upload-pack '" + app.name() + "'";
    try (RunningCommand ssh = fixture.sshClient().exec(fixture.folder(), command)) {
      ssh.stdin().write(input.getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      return ssh.waitFor().expectSuccess().stdout();
    }
  }

  private static String packetTrace(GitRunner clone, String url) throws IOException {
    Path file = clone.directory().resolve(".git/packets");
    clone.env("GIT_TRACE_PACKET", file.toString()).run("fetch", "-q", url, "main").expectSuccess();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static int count(String trace, String text) {
    return (int) trace.lines().filter(line -> line.contains(text)).count();
  }
}
