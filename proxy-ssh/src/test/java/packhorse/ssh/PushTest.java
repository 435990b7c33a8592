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
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.node.NodeRequest;
import packhorse.policy.Action;
import packhorse.policy.PolicyRule;
import packhorse.request.Glob;

/// Pushes of real git through the front.
final class PushTest {
  @TempDir Path folder;

  private static PolicyRule rule(
      int number, boolean allow, Action action, List<Glob> refs, String because) {
    return new PolicyRule(
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
  void branches_are_created_updated_forced_and_deleted() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 2).in(work);
      String url = proxy.url("app");
      git.run("git", "push", url, "main:refs/heads/new", "main~1:refs/heads/other").expectSuccess();
      git.run("git", "push", "--force", url, "main~2:refs/heads/new").expectSuccess();
      git.run("git", "push", url, "--delete", "new").expectSuccess();
      git.run("git", "push", "--atomic", "-o", "one", "-o", "two", url, "main:refs/tags/v1")
          .expectSuccess();
      git.run("git", "push", url, "main").expectSuccess();
      assertThat(git.run("git", "ls-remote", url).expectSuccess().out())
          .contains("refs/heads/other")
          .contains("refs/tags/v1")
          .doesNotContain("refs/heads/new");
      assertThat(proxy.outcomes.stream().filter(outcome -> outcome.failure().isPresent()))
          .isEmpty();
    }
  }

  @Test
  void a_push_goes_to_the_node_that_advertised() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 2).in(work);
      git.run("git", "push", proxy.url("app"), "main:refs/heads/new").expectSuccess();
      assertThat(proxy.link.requests.stream().map(NodeRequest::target))
          .containsExactly("/app/info/refs?service=git-receive-pack", "/app/git-receive-pack");
      Answer answer = proxy.awaitLastOutcome("answered").answer().orElseThrow();
      var pushed = (AnswerResult.Pushed) answer.result();
      assertThat(pushed.report().orElseThrow().unpackStatus()).isEqualTo("ok");
    }
  }

  @Test
  void a_push_that_a_rule_denies_is_reported_with_the_reason_for_each_ref() throws IOException {
    SshTestProxy.Options options =
        SshTestProxy.Options.defaults()
            .withRules(
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
    try (var proxy = new SshTestProxy(folder, options)) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 2).in(work);
      Command.Result deleted = git.run("git", "push", proxy.url("app"), "--delete", "main");
      assertThat(deleted.status()).isEqualTo(1);
      assertThat(deleted.err())
          .contains("[remote rejected]")
          .contains("main is never deleted (decision ");
      Command.Result written = git.run("git", "push", proxy.url("app"), "main:no/x", "main:yes");
      assertThat(written.status()).isEqualTo(1);
      assertThat(written.err())
          .contains("remote: nobody writes there (decision ")
          .contains("no/x")
          .contains("yes");
      assertThat(git.run("git", "ls-remote", proxy.url("app")).out()).doesNotContain("yes");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 20_000_000})
  void a_push_over_the_limit_is_reported_after_git_has_sent_it(int size) throws IOException {
    try (var proxy =
        new SshTestProxy(folder, SshTestProxy.Options.defaults().withPushLimit(size / 2 + 1000))) {
      Path work = proxy.repository("app", 1);
      byte[] noise = new byte[Math.max(size, 4000)];
      new Random(1).nextBytes(noise);
      Files.write(work.resolve("noise"), noise);
      proxy.commit(work, "more", "more");
      Command.Result result =
          proxy.git("alice", 2).in(work).run("git", "push", proxy.url("app"), "main");
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.err())
          .contains("larger than the limit")
          .contains("[remote rejected]")
          .doesNotContain("roken pipe");
    }
  }

  @Test
  void a_push_to_a_missing_repository_is_refused_with_a_message() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 1);
      Command.Result result =
          proxy.git("alice", 2).in(work).run("git", "push", proxy.url("none"), "main");
      assertThat(result.status()).isEqualTo(128);
      assertThat(result.err())
          .contains("fatal: remote error: there is no such repository")
          .contains("(decision ");
    }
  }

  @Test
  void a_truncated_pack_is_never_accepted_by_the_node() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 2).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      byte[] pack = packOf(git, tip);
      for (int cut : new int[] {0, 5, 20, pack.length - 1}) {
        byte[] input =
            Arrays.copyOf(head(tip, "refs/heads/cut"), head(tip, "refs/heads/cut").length + cut);
        System.arraycopy(pack, 0, input, input.length - cut, cut);
        Command.Result result = proxy.exec(input, "alice", List.of(), "git-receive-pack 'app'");
        assertThat(result.status()).isEqualTo(128);
        assertThat(git.run("git", "ls-remote", proxy.url("app")).out()).doesNotContain("cut");
      }
    }
  }

  @Test
  void a_pack_that_ends_at_the_end_of_input_is_accepted() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 2).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      byte[] pack = packOf(git, tip);
      byte[] head = head(tip, "refs/heads/whole");
      byte[] input = Arrays.copyOf(head, head.length + pack.length);
      System.arraycopy(pack, 0, input, head.length, pack.length);
      Command.Result result = proxy.exec(input, "alice", List.of(), "git-receive-pack 'app'");
      assertThat(result.status()).isZero();
      assertThat(result.out()).contains("unpack ok").contains("ok refs/heads/whole");
    }
  }

  private static byte[] packOf(Command git, String tip) throws IOException {
    Command.Result result =
        git.run(
            (tip + "\n").getBytes(StandardCharsets.US_ASCII),
            "git",
            "pack-objects",
            "--revs",
            "--stdout",
            "-q");
    return result.expectSuccess().out().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] head(String tip, String ref) {
    String line = "0".repeat(40) + " " + tip + " " + ref + "\0report-status";
    return String.format("%04x%s0000", line.length() + 4, line)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
