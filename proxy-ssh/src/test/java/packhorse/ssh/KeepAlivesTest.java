package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.record.Outcome;
import packhorse.request.Refusal;

/// What a client over SSH hears while the node that it waits for is silent.
final class KeepAlivesTest {
  private static final String NAK = "0008NAK\n";
  private static final String FRAME = "0005\2";

  @TempDir Path folder;

  @Test
  void a_clone_in_v0_hears_its_nak_once_then_frames_then_the_pack() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 3);
      scene.link.silent = 3;
      Command.Ran ran = asked(scene, "");
      String said = ran.well().out();
      assertThat(said).contains("0000" + NAK + FRAME + FRAME + FRAME);
      assertThat(said.indexOf(NAK)).isEqualTo(said.lastIndexOf(NAK));
      assertThat(said).contains("\1PACK").endsWith("0000");
    }
  }

  @Test
  void with_depth_it_hears_nothing_of_ours() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 3);
      scene.link.silent = 3;
      String said = asked(scene, pkt("deepen 1\n")).well().out();
      assertThat(said).doesNotContain(FRAME).contains("\1PACK");
    }
  }

  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "2,false"})
  void git_takes_the_frames_and_clones_fetches_and_is_told_no(int version, boolean knowsV2)
      throws IOException {
    SshScene.Terms terms = SshScene.Terms.usual();
    try (var scene = new SshScene(folder, knowsV2 ? terms : terms.v0Nodes())) {
      Path work = scene.repository("app", 5);
      String url = scene.url("app");
      Command bob = scene.git("bob", version).with("GIT_TRACE_PACKET", "1");
      scene.link.silent = 2;
      Command.Ran clone = bob.run("git", "clone", "-q", url, "clone").well();
      assertThat(clone.err()).contains("sideband< \\2");
      scene.link.silent = 0;
      scene.commit(work, "more", "more");
      scene.git("alice", version).in(work).run("git", "push", "-q", url, "main").well();
      scene.link.silent = 2;
      Command there = bob.in(folder.resolve("clone"));
      there.run("git", "fetch", "-q").well();
      there.run("git", "fsck", "--strict").well();
      scene.link.failing = call -> call.method().equals("POST") && fetching(call);
      Command.Ran no = bob.run("git", "clone", "-q", url, "other");
      assertThat(no.status()).isNotZero();
      assertThat(no.err()).contains("remote: the node ", "(decision ");
      Outcome last = scene.last("refused");
      assertThat(last.word()).isEqualTo("refused");
      assertThat(last.refusal().map(Refusal::kind)).contains(Refusal.Kind.NODE_FAILED);
    }
  }

  private static boolean fetching(packhorse.node.NodeCall call) {
    return call.body() instanceof packhorse.node.NodeCall.Whole(var bytes)
        && bytes.text().contains("want ");
  }

  /// A fetch of the tip, said in one go.
  private static Command.Ran asked(SshScene scene, String deepen) throws IOException {
    String refs = scene.exec("bob", "git-upload-pack 'app'").out();
    String words =
        pkt("want " + refs.substring(4, 44) + " side-band-64k ofs-delta no-progress\n")
            + deepen
            + "0000"
            + pkt("done\n");
    byte[] input = words.getBytes(StandardCharsets.US_ASCII);
    return scene.exec(input, "bob", List.of(), "git-upload-pack 'app'");
  }

  private static String pkt(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }
}
