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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.SshNode;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;

/// Corners 8 and 9: v0 conversations over SSH, carried to a node that answers single questions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class NegotiationTest {
  private final Stage stage;
  private final SshNode direct;

  NegotiationTest(@TempDir Path folder) {
    stage = Stage.of(folder, 2);
    direct = SshNode.start(stage.repositories().root());
  }

  @AfterAll
  void stop() {
    stage.close();
    direct.close();
  }

  @Test
  void many_haves_take_as_many_rounds_as_with_the_node_itself() throws IOException {
    Repository app = stage.repositories().sample("acme/many");
    GitRunner git = stage.git("many").protocol(0);
    git.git("clone", "-q", stage.proxy().ssh(app.name()), "one").expectSuccess();
    Path mine = Files.writeString(stage.folder().resolve("mine"), newer(1_000));
    git.at("one").command("fast-import", "--quiet").input(mine).run().expectSuccess();
    Files.createDirectories(git.directory().resolve("two"));
    git.program("cp", "-r", "one/.git", "two/.git").run().expectSuccess();
    app.commit("main", "theirs", "theirs");
    stage.forget();
    String through = traced(git.at("one"), stage.proxy().ssh(app.name()));
    Path known = stage.folder().resolve("known-direct");
    SshWay way = SshWay.trusting(stage.key().privateKey(), direct.port(), known);
    String straight = traced(git.at("two").ssh(way), direct.url(app.name()));
    assertThat(count(through, "> have ")).isEqualTo(count(straight, "> have ")).isGreaterThan(200);
    assertThat(count(through, "> 0000")).isEqualTo(count(straight, "> 0000"));
    assertThat(stage.heard(SeenRequest::fetchPost).size())
        .isLessThanOrEqualTo(count(through, "> 0000") + 1);
    git.at("one").git("fsck", "--strict").expectSuccess();
  }

  @Test
  void what_a_round_acknowledged_is_acknowledged_at_the_end() throws IOException {
    Repository app = stage.repositories().sample("acme/last");
    String base = app.id("main~2");
    String wants =
        pkt("want " + app.id("main") + " multi_ack_detailed side-band-64k ofs-delta\n") + "0000";
    String rounds = pkt("have " + base + "\n") + "0000" + pkt("have " + "40".repeat(20) + "\n");
    String said = upload(app, wants + rounds + "0000" + pkt("done\n"));
    assertThat(said).contains("ACK " + base + " common\n");
    assertThat(said.substring(said.lastIndexOf(pkt("ACK " + base + "\n"))))
        .contains("PACK")
        .doesNotContain("NAK");
  }

  @Test
  void no_done_is_offered_over_http_alone() throws IOException {
    Repository app = stage.repositories().sample("acme/no-done");
    assertThat(upload(app, "0000")).contains("multi_ack_detailed").doesNotContain("no-done");
  }

  /// Commits that are newer than all that the node has: they are offered first.
  private static String newer(int count) {
    var stream = new StringBuilder();
    for (int i = 0; i < count; i++) {
      stream.append("commit refs/heads/mine\ncommitter c <c@test> ").append(2_000_000_000 + i);
      stream.append(" +0000\ndata 2\nx\n");
      if (i == 0) stream.append("from refs/remotes/origin/main^0\n");
      stream.append('\n');
    }
    return stream.toString();
  }

  private String upload(Repository app, String words) throws IOException {
    String line = "git-upload-pack '" + app.name() + "'";
    try (Started ssh = SshTalk.exec(stage.way(), stage.folder(), line)) {
      ssh.stdin().write(words.getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      return ssh.finish().expectSuccess().stdout();
    }
  }

  private static String traced(GitRunner work, String url) throws IOException {
    Path file = work.directory().resolve(".git/packets");
    work.env("GIT_TRACE_PACKET", file.toString()).git("fetch", "-q", url, "main").expectSuccess();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static int count(String trace, String word) {
    return (int) trace.lines().filter(line -> line.contains(word)).count();
  }
}
