package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fetches of real git through the front, next to git at the node directly.
final class FetchTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "2,false"})
  void shallow_histories_are_deepened_and_made_whole(int version, boolean knowsV2)
      throws IOException {
    SshScene.Terms terms = SshScene.Terms.usual();
    try (var scene = new SshScene(folder, knowsV2 ? terms : terms.v0Nodes())) {
      Path work = scene.repository("app", 12);
      String url = scene.url("app");
      scene.git("bob", version).run("git", "clone", "-q", "--depth", "2", url, "clone").well();
      Command git = scene.git("bob", version).in(folder.resolve("clone"));
      assertThat(count(git)).isEqualTo("2");
      git.run("git", "fetch", "-q", "--deepen", "3").well();
      assertThat(count(git)).isEqualTo("5");
      scene.commit(work, "more", "more");
      scene.git("alice", version).in(work).run("git", "push", "-q", url, "main").well();
      git.run("git", "fetch", "-q", "--depth", "4").well();
      git.run("git", "fetch", "-q").well();
      git.run("git", "fetch", "-q", "--unshallow").well();
      assertThat(git.run("git", "rev-list", "--count", "origin/main").out().strip())
          .isEqualTo("13");
      git.run("git", "fsck", "--strict").well();
    }
  }

  private static String count(Command git) throws IOException {
    return git.run("git", "rev-list", "--count", "HEAD").well().out().strip();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void partial_clones_fetch_what_they_lack_when_it_is_needed(int version) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 6);
      Command git = scene.git("bob", version);
      git.run(
              "git",
              "-C",
              scene.repositories.resolve("app.git").toString(),
              "config",
              "uploadpack.allowAnySHA1InWant",
              "true")
          .well();
      git.run("git", "clone", "-q", "--filter=blob:none", scene.url("app"), "clone").well();
      Command clone = git.in(folder.resolve("clone"));
      String blob = git.in(work).run("git", "rev-parse", "main~4:file-1").well().out().strip();
      assertThat(clone.run("git", "cat-file", "-p", blob).well().out()).isEqualTo("line 1");
      clone
          .run(
              "git",
              "fetch",
              "-q",
              "origin",
              git.in(work).run("git", "rev-parse", "main~2").out().strip())
          .well();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void an_empty_repository_is_cloned(int version) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 0);
      Command.Ran ran =
          scene.git("bob", version).run("git", "clone", scene.url("app"), "clone").well();
      assertThat(ran.err()).contains("cloned an empty repository");
      assertThat(scene.git("bob", version).run("git", "ls-remote", scene.url("app")).well().out())
          .isEmpty();
    }
  }

  @Test
  void an_archive_is_made_by_a_node_that_can_and_refused_in_words_by_one_that_cannot()
      throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 3);
      Command.Ran ran =
          scene.git("bob", 2).run("git", "archive", "--remote=" + scene.url("app"), "HEAD");
      boolean able = ran.status() == 0 && ran.out().contains("file-0");
      boolean refused =
          ran.err().contains("remote error: ") && ran.err().contains("makes no archives");
      assertThat(able || refused).as(ran.err()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_repository_that_is_not_there_is_refused_in_words(int version) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Command.Ran ran = scene.git("bob", version).run("git", "ls-remote", scene.url("none"));
      assertThat(ran.status()).isEqualTo(128);
      assertThat(ran.err())
          .contains("fatal: remote error: there is no such repository")
          .contains("(decision ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void an_object_that_is_not_there_is_refused_by_the_node_itself(int version) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 3);
      Command.Ran ran =
          scene.git("bob", version).in(work).run("git", "fetch", scene.url("app"), "1".repeat(40));
      assertThat(ran.status()).isNotZero();
      assertThat(ran.err())
          .containsAnyOf("not our ref", "Server does not allow request for unadvertised object");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_node_that_is_down_is_not_missed(int version) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 3);
      scene.link.down = Optional.of("one");
      for (int i = 0; i < 3; i++) {
        scene.git("bob", version).run("git", "clone", "-q", scene.url("app"), "clone" + i).well();
      }
      assertThat(scene.outcomes)
          .allMatch(one -> one.answer().orElseThrow().node().name().equals("two"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_large_negotiation_takes_as_many_haves_as_with_the_node_directly(int version)
      throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 2);
      Command git = scene.git("alice", version);
      git.run("git", "clone", "-q", scene.url("app"), "one").well();
      git.run(stream("mine", 1000), "git", "-C", "one", "fast-import", "--quiet").well();
      git.run("cp", "-r", "one", "two").well();
      for (int i = 0; i < 3; i++) scene.commit(work, "new", "new " + i);
      git.in(work).run("git", "push", "-q", scene.url("app"), "main").well();
      Command traced = git.with("GIT_TRACE_PACKET", "1");
      String path = "file://" + scene.repositories.resolve("app.git");
      Command.Ran direct = traced.run("git", "-C", "one", "fetch", path).well();
      Command.Ran through = traced.run("git", "-C", "two", "fetch", scene.url("app")).well();
      assertThat(haves(through)).isEqualTo(haves(direct)).isGreaterThan(100);
      git.run("git", "-C", "two", "fsck", "--strict").well();
    }
  }

  private static long haves(Command.Ran ran) {
    return ran.err().lines().filter(line -> line.contains("> have ")).count();
  }

  private static byte[] stream(String branch, int commits) {
    var stream = new StringBuilder();
    for (int i = 0; i < commits; i++) {
      stream
          .append("commit refs/heads/")
          .append(branch)
          .append("\ncommitter c <c@test> ")
          .append(2_000_000_000 + i);
      stream
          .append(" +0000\ndata 2\nx\n")
          .append(i == 0 ? "from refs/remotes/origin/main^0\n" : "")
          .append("\n");
    }
    return stream.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|ACK BASE",
        "multi_ack|ACK BASE continue;NAK;ACK BASE",
        "multi_ack_detailed|ACK BASE common;ACK BASE ready;NAK;ACK BASE"
      })
  void old_clients_hear_acknowledgments_as_from_git_itself(String mode, String expected)
      throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      Path work = scene.repository("app", 3);
      Command git = scene.git("alice", 0).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      String base = git.run("git", "rev-parse", "main~1").out().strip();
      byte[] input =
          (pkt("want " + tip + " " + mode + " side-band-64k ofs-delta")
                  + "0000"
                  + pkt("have " + base)
                  + "0000"
                  + pkt("done"))
              .getBytes(StandardCharsets.US_ASCII);
      Command.Ran direct =
          scene
              .plain()
              .run(input, "git-upload-pack", scene.repositories.resolve("app.git").toString());
      Command.Ran through = scene.exec(input, "alice", List.of(), "git-upload-pack 'app'");
      List<String> heard = acks(through.out());
      assertThat(heard).isEqualTo(acks(direct.out()));
      assertThat(String.join(";", heard)).isEqualTo(expected.replace("BASE", base));
      assertThat(through.status()).isZero();
    }
  }

  private static String pkt(String line) {
    return String.format("%04x%s\n", line.length() + 5, line);
  }

  private static List<String> acks(String said) {
    return said.lines()
        .map(line -> line.replaceFirst("^(0000)?[0-9a-f]{4}", ""))
        .filter(line -> line.startsWith("ACK ") || line.equals("NAK"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"g++", "+source/q", "~al/x", "with space", ".github", "ü/x"})
  void names_of_every_kind_reach_the_node(String name) throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository(name, 1);
      Command git = scene.git("bob", 2);
      String listed = git.run("git", "ls-remote", scene.url(name + ".git")).well().out();
      assertThat(listed).contains("refs/heads/main");
      for (String other : List.of(name, name + "/", name + ".git/")) {
        assertThat(git.run("git", "ls-remote", scene.url(other)).well().out()).isEqualTo(listed);
      }
      assertThat(git.run("git", "ls-remote", "git@127.0.0.1:" + name).well().out())
          .isEqualTo(listed);
      assertThat(
              scene.outcomes.stream().map(one -> one.request().orElseThrow().repository().name()))
          .allMatch(name::equals);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_node_that_goes_down_in_the_midst_of_a_conversation_is_named(int version)
      throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 1);
      scene.link.failing = call -> call.method().equals("POST");
      Command.Ran ran = scene.git("bob", version).run("git", "clone", scene.url("app"), "clone");
      assertThat(ran.status()).isEqualTo(128);
      assertThat(ran.err()).contains("fatal: remote error: the node ").contains("(decision ");
      assertThat(scene.last("refused").refusal()).isPresent();
    }
  }

  @Test
  void a_client_that_wants_nothing_leaves_well() throws IOException {
    try (var scene = new SshScene(folder, SshScene.Terms.usual())) {
      scene.repository("app", 3);
      byte[] flush = "0000".getBytes(StandardCharsets.US_ASCII);
      for (String service : List.of("git-upload-pack 'app'", "git-receive-pack 'app'")) {
        scene.link.calls.clear();
        Command.Ran ran = scene.exec(flush, "alice", List.of(), service);
        assertThat(ran.status()).isZero();
        assertThat(scene.link.calls).hasSize(1);
      }
      assertThat(Files.exists(folder)).isTrue();
    }
  }
}
