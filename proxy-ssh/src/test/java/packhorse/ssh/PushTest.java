package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.node.NodeCall;
import packhorse.policy.Action;
import packhorse.policy.Rule;
import packhorse.request.Glob;

/// Pushes of real git through the front.
final class PushTest {
  @TempDir Path folder;

  private static Rule rule(
      int number, boolean allow, Action action, List<Glob> refs, String because) {
    return new Rule(
        number,
        allow,
        Set.of(action),
        List.of(),
        refs,
        false,
        Set.of(),
        List.of(),
        List.of(),
        because);
  }

  @Test
  void branches_are_made_changed_forced_and_deleted() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 3);
      Command git = scene.git("alice", 2).in(work);
      String url = scene.url("app");
      git.run("git", "push", url, "main:refs/heads/new", "main~1:refs/heads/other").well();
      git.run("git", "push", "--force", url, "main~2:refs/heads/new").well();
      git.run("git", "push", url, "--delete", "new").well();
      git.run("git", "push", "--atomic", "-o", "one", "-o", "two", url, "main:refs/tags/v1").well();
      git.run("git", "push", url, "main").well();
      assertThat(git.run("git", "ls-remote", url).well().out())
          .contains("refs/heads/other")
          .contains("refs/tags/v1")
          .doesNotContain("refs/heads/new");
      assertThat(scene.outcomes.stream().filter(one -> one.failure().isPresent())).isEmpty();
    }
  }

  @Test
  void a_push_goes_to_the_node_that_advertised() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 3);
      Command git = scene.git("alice", 2).in(work);
      git.run("git", "push", scene.url("app"), "main:refs/heads/new").well();
      assertThat(scene.link.calls.stream().map(NodeCall::target))
          .containsExactly("/app/info/refs?service=git-receive-pack", "/app/git-receive-pack");
      assertThat(scene.last("answered").answer().orElseThrow().report().orElseThrow().unpacked())
          .isTrue();
    }
  }

  @Test
  void a_push_that_a_rule_forbids_says_why_for_each_ref() throws IOException {
    SshScene.Terms terms =
        SshScene.Terms.usual()
            .with(
                rule(
                    1,
                    false,
                    Action.DELETE,
                    List.of(new Glob("refs/heads/main")),
                    "main is never deleted"),
                rule(
                    2,
                    false,
                    Action.WRITE,
                    List.of(new Glob("refs/heads/no/**")),
                    "nobody writes there"),
                rule(3, true, Action.ALL, List.of(), ""));
    try (var scene = new SshScene(folder, terms)) {
      Path work = scene.repository("app", 3);
      Command git = scene.git("alice", 2).in(work);
      Command.Ran deleted = git.run("git", "push", scene.url("app"), "--delete", "main");
      assertThat(deleted.status()).isEqualTo(1);
      assertThat(deleted.err())
          .contains("[remote rejected]")
          .contains("main is never deleted (decision ");
      Command.Ran written = git.run("git", "push", scene.url("app"), "main:no/x", "main:yes");
      assertThat(written.status()).isEqualTo(1);
      assertThat(written.err())
          .contains("remote: nobody writes there (decision ")
          .contains("no/x")
          .contains("yes");
      assertThat(git.run("git", "ls-remote", scene.url("app")).out()).doesNotContain("yes");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20_000_000})
  void a_push_over_the_limit_says_so_when_git_has_sent_it(int size) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual().pushLimit(size / 2 + 1000))) {
      Path work = scene.repository("app", 1);
      byte[] noise = new byte[Math.max(size, 4000)];
      new Random(1).nextBytes(noise);
      Files.write(work.resolve("noise"), noise);
      scene.commit(work, "more", "more");
      Command.Ran ran = scene.git("alice", 2).in(work).run("git", "push", scene.url("app"), "main");
      assertThat(ran.status()).isEqualTo(1);
      assertThat(ran.err())
          .contains("larger than the limit")
          .contains("[remote rejected]")
          .doesNotContain("roken pipe");
    }
  }

  @Test
  void a_push_to_a_repository_that_is_not_there_is_refused_in_words() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 1);
      Command.Ran ran =
          scene.git("alice", 2).in(work).run("git", "push", scene.url("none"), "main");
      assertThat(ran.status()).isEqualTo(128);
      assertThat(ran.err())
          .contains("fatal: remote error: there is no such repository")
          .contains("(decision ");
    }
  }

  @Test
  void a_pack_that_is_cut_off_never_ends_well_at_the_node() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 3);
      Command git = scene.git("alice", 2).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      byte[] pack = packOf(git, tip);
      for (int cut : new int[] {0, 5, 20, pack.length - 1}) {
        byte[] input =
            Arrays.copyOf(head(tip, "refs/heads/cut"), head(tip, "refs/heads/cut").length + cut);
        System.arraycopy(pack, 0, input, input.length - cut, cut);
        Command.Ran ran = scene.exec(input, "alice", List.of(), "git-receive-pack 'app'");
        assertThat(ran.status()).isEqualTo(128);
        assertThat(git.run("git", "ls-remote", scene.url("app")).out()).doesNotContain("cut");
      }
    }
  }

  @Test
  void a_pack_whose_end_is_the_end_of_input_is_taken() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 3);
      Command git = scene.git("alice", 2).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      byte[] pack = packOf(git, tip);
      byte[] head = head(tip, "refs/heads/whole");
      byte[] input = Arrays.copyOf(head, head.length + pack.length);
      System.arraycopy(pack, 0, input, head.length, pack.length);
      Command.Ran ran = scene.exec(input, "alice", List.of(), "git-receive-pack 'app'");
      assertThat(ran.status()).isZero();
      assertThat(ran.out()).contains("unpack ok").contains("ok refs/heads/whole");
    }
  }

  private static byte[] packOf(Command git, String tip) throws IOException {
    Command.Ran ran =
        git.run(
            (tip + "\n").getBytes(StandardCharsets.US_ASCII),
            "git",
            "pack-objects",
            "--revs",
            "--stdout",
            "-q");
    return ran.well().out().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] head(String tip, String ref) {
    String line = "0".repeat(40) + " " + tip + " " + ref + "\0report-status";
    return String.format("%04x%s0000", line.length() + 4, line)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
