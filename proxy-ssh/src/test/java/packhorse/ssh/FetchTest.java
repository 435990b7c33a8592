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

/// Fetches of real git through the front, compared with git at the node directly.
final class FetchTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "2,false"})
  void shallow_clones_are_deepened_and_unshallowed(int version, boolean knowsV2)
      throws IOException {
    SshTestProxy.Options options = SshTestProxy.Options.defaults();
    try (var proxy = new SshTestProxy(folder, knowsV2 ? options : options.withV0Nodes())) {
      Path work = proxy.repository("app", 12);
      String url = proxy.url("app");
      proxy
          .git("bob", version)
          .run("git", "clone", "-q", "--depth", "2", url, "clone")
          .expectSuccess();
      Command git = proxy.git("bob", version).in(folder.resolve("clone"));
      assertThat(count(git)).isEqualTo("2");
      git.run("git", "fetch", "-q", "--deepen", "3").expectSuccess();
      assertThat(count(git)).isEqualTo("5");
      proxy.commit(work, "more", "more");
      proxy.git("alice", version).in(work).run("git", "push", "-q", url, "main").expectSuccess();
      git.run("git", "fetch", "-q", "--depth", "4").expectSuccess();
      git.run("git", "fetch", "-q").expectSuccess();
      git.run("git", "fetch", "-q", "--unshallow").expectSuccess();
      assertThat(git.run("git", "rev-list", "--count", "origin/main").out().strip())
          .isEqualTo("13");
      git.run("git", "fsck", "--strict").expectSuccess();
    }
  }

  private static String count(Command git) throws IOException {
    return git.run("git", "rev-list", "--count", "HEAD").expectSuccess().out().strip();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void partial_clones_fetch_missing_objects_on_demand(int version) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 6);
      Command git = proxy.git("bob", version);
      git.run(
              "git",
              "-C",
              proxy.repositories.resolve("app.git").toString(),
              "config",
              "uploadpack.allowAnySHA1InWant",
              "true")
          .expectSuccess();
      git.run("git", "clone", "-q", "--filter=blob:none", proxy.url("app"), "clone")
          .expectSuccess();
      Command clone = git.in(folder.resolve("clone"));
      String blob =
          git.in(work).run("git", "rev-parse", "main~4:file-1").expectSuccess().out().strip();
      assertThat(clone.run("git", "cat-file", "-p", blob).expectSuccess().out())
          .isEqualTo("line 1");
      clone
          .run(
              "git",
              "fetch",
              "-q",
              "origin",
              git.in(work).run("git", "rev-parse", "main~2").out().strip())
          .expectSuccess();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void an_empty_repository_is_cloned(int version) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 0);
      Command.Result result =
          proxy.git("bob", version).run("git", "clone", proxy.url("app"), "clone").expectSuccess();
      assertThat(result.err()).contains("cloned an empty repository");
      assertThat(
              proxy
                  .git("bob", version)
                  .run("git", "ls-remote", proxy.url("app"))
                  .expectSuccess()
                  .out())
          .isEmpty();
    }
  }

  @Test
  void an_archive_comes_from_a_node_that_makes_archives_or_is_refused_with_a_message()
      throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 3);
      Command.Result result =
          proxy.git("bob", 2).run("git", "archive", "--remote=" + proxy.url("app"), "HEAD");
      boolean served = result.status() == 0 && result.out().contains("file-0");
      boolean refused =
          result.err().contains("remote error: ") && result.err().contains("serves no archives");
      assertThat(served || refused).as(result.err()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_missing_repository_is_refused_with_a_message(int version) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Command.Result result = proxy.git("bob", version).run("git", "ls-remote", proxy.url("none"));
      assertThat(result.status()).isEqualTo(128);
      assertThat(result.err())
          .contains("fatal: remote error: there is no such repository")
          .contains("(decision ");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_missing_object_is_refused_by_the_node_itself(int version) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command.Result result =
          proxy.git("bob", version).in(work).run("git", "fetch", proxy.url("app"), "1".repeat(40));
      assertThat(result.status()).isNotZero();
      assertThat(result.err())
          .containsAnyOf("not our ref", "Server does not allow request for unadvertised object");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void fetches_succeed_while_one_of_two_nodes_is_down(int version) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 3);
      proxy.link.unreachableNode = Optional.of("one");
      for (int i = 0; i < 3; i++) {
        proxy
            .git("bob", version)
            .run("git", "clone", "-q", proxy.url("app"), "clone" + i)
            .expectSuccess();
      }
      assertThat(proxy.outcomes)
          .allMatch(outcome -> outcome.answer().orElseThrow().node().name().equals("two"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_large_negotiation_takes_as_many_haves_as_with_the_node_directly(int version)
      throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 2);
      Command git = proxy.git("alice", version);
      git.run("git", "clone", "-q", proxy.url("app"), "one").expectSuccess();
      git.run(stream("mine", 1000), "git", "-C", "one", "fast-import", "--quiet").expectSuccess();
      git.run("cp", "-r", "one", "two").expectSuccess();
      for (int i = 0; i < 3; i++) proxy.commit(work, "new", "new " + i);
      git.in(work).run("git", "push", "-q", proxy.url("app"), "main").expectSuccess();
      Command traced = git.with("GIT_TRACE_PACKET", "1");
      String path = "file://" + proxy.repositories.resolve("app.git");
      Command.Result direct = traced.run("git", "-C", "one", "fetch", path).expectSuccess();
      Command.Result through =
          traced.run("git", "-C", "two", "fetch", proxy.url("app")).expectSuccess();
      assertThat(haves(through)).isEqualTo(haves(direct)).isGreaterThan(100);
      git.run("git", "-C", "two", "fsck", "--strict").expectSuccess();
    }
  }

  private static long haves(Command.Result result) {
    return result.err().lines().filter(line -> line.contains("> have ")).count();
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
  void v0_clients_in_every_acknowledgment_mode_receive_the_acknowledgments_of_git(
      String mode, String expected) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 0).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      String base = git.run("git", "rev-parse", "main~1").out().strip();
      byte[] input =
          (pkt("want " + tip + " " + mode + " side-band-64k ofs-delta")
                  + "0000"
                  + pkt("have " + base)
                  + "0000"
                  + pkt("done"))
              .getBytes(StandardCharsets.US_ASCII);
      Command.Result direct =
          proxy
              .command()
              .run(input, "git-upload-pack", proxy.repositories.resolve("app.git").toString());
      Command.Result through = proxy.exec(input, "alice", List.of(), "git-upload-pack 'app'");
      List<String> acknowledgments = acknowledgments(through.out());
      assertThat(acknowledgments).isEqualTo(acknowledgments(direct.out()));
      assertThat(String.join(";", acknowledgments)).isEqualTo(expected.replace("BASE", base));
      assertThat(through.status()).isZero();
    }
  }

  private static String pkt(String line) {
    return String.format("%04x%s\n", line.length() + 5, line);
  }

  private static List<String> acknowledgments(String output) {
    return output
        .lines()
        .map(line -> line.replaceFirst("^(0000)?[0-9a-f]{4}", ""))
        .filter(line -> line.startsWith("ACK ") || line.equals("NAK"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"g++", "+source/q", "~al/x", "with space", ".github", "ü/x"})
  void repository_names_with_special_characters_reach_the_node(String name) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository(name, 1);
      Command git = proxy.git("bob", 2);
      String listed = git.run("git", "ls-remote", proxy.url(name + ".git")).expectSuccess().out();
      assertThat(listed).contains("refs/heads/main");
      for (String other : List.of(name, name + "/", name + ".git/")) {
        assertThat(git.run("git", "ls-remote", proxy.url(other)).expectSuccess().out())
            .isEqualTo(listed);
      }
      assertThat(git.run("git", "ls-remote", "git@127.0.0.1:" + name).expectSuccess().out())
          .isEqualTo(listed);
      assertThat(proxy.outcomes.stream().map(outcome -> outcome.request().orElseThrow().name()))
          .allMatch(name::equals);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void a_refusal_names_the_node_that_failed_during_a_conversation(int version) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 1);
      proxy.link.failingRequests = request -> request.method().equals("POST");
      Command.Result result =
          proxy.git("bob", version).run("git", "clone", proxy.url("app"), "clone");
      assertThat(result.status()).isEqualTo(128);
      assertThat(result.err()).contains("fatal: remote error: the node ").contains("(decision ");
      assertThat(proxy.awaitLastOutcome("refused").refusal()).isPresent();
    }
  }

  @Test
  void a_client_that_wants_nothing_exits_with_success() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 3);
      byte[] flush = "0000".getBytes(StandardCharsets.US_ASCII);
      for (String service : List.of("git-upload-pack 'app'", "git-receive-pack 'app'")) {
        proxy.link.requests.clear();
        Command.Result result = proxy.exec(flush, "alice", List.of(), service);
        assertThat(result.status()).isZero();
        assertThat(proxy.link.requests).hasSize(1);
      }
      assertThat(Files.exists(folder)).isTrue();
    }
  }
}
