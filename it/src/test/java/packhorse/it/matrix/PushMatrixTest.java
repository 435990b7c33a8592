package packhorse.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.ssh.SshKey;

/// Pushes. See [ClientMatrix].
@ParameterizedClass(name = "{0}")
@EnumSource
final class PushMatrixTest extends ClientMatrix {
  @ForEachProtocol
  void a_push_creates_and_updates_branches(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    String id = clone.commit("new.txt", "new\n");
    var result =
        clone
            .run("push", "origin", "HEAD:refs/heads/main", "HEAD~2:refs/heads/made")
            .expectSuccess();
    assertThat(result.stderr()).contains("main", "[new branch]");
    assertThat(testCase.repository().id("main")).isEqualTo(id);
    assertThat(testCase.repository().id("made")).isEqualTo(clone.id("HEAD~2"));
    assertThat(clone.id("origin/main")).isEqualTo(id);
    testCase.repository().fsck();
  }

  @ForEachProtocol
  void a_push_is_seen_by_the_next_fetch(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    testCase.git().run("clone", "-q", testCase.url(), "other").expectSuccess();
    String id = clone.commit("new.txt", "new\n");
    clone.run("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    testCase.git("other").run("fetch", "-q").expectSuccess();
    assertThat(testCase.git("other").id("origin/main")).isEqualTo(id);
  }

  @ForEachProtocol
  void a_push_without_objects_creates_a_branch(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    clone.run("push", "-q", "origin", "v1.0^{commit}:refs/heads/old").expectSuccess();
    assertThat(testCase.repository().id("old")).isEqualTo(clone.id("v1.0^{commit}"));
    assertThat(clone.run("push", "origin", "v1.0^{commit}:refs/heads/old").expectSuccess().stderr())
        .contains("Everything up-to-date");
  }

  @ForEachProtocol
  void a_push_that_would_lose_commits_needs_force(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    clone.run("reset", "-q", "--hard", "HEAD~2").expectSuccess();
    String id = clone.commit("other.txt", "other\n");
    String before = testCase.repository().id("main");
    assertThat(clone.run("push", "origin", "HEAD:refs/heads/main").expectExit(1).stderr())
        .contains("[rejected]");
    assertThat(testCase.repository().id("main")).isEqualTo(before);
    clone.run("push", "-q", "--force", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(testCase.repository().id("main")).isEqualTo(id);
    assertThat(
            clone
                .run("push", "--force-with-lease=topic:" + id, "origin", "HEAD:refs/heads/topic")
                .exitStatus())
        .isEqualTo(1);
  }

  @ForEachProtocol
  void a_push_may_consist_of_deletions_only(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    clone.run("push", "-q", "origin", ":refs/heads/topic", ":refs/tags/nightly").expectSuccess();
    assertThat(testCase.repository().refs())
        .doesNotContainKeys("refs/heads/topic", "refs/tags/nightly");
  }

  @ForEachProtocol
  void tags_are_pushed(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    clone.commit("new.txt", "new\n");
    clone.run("tag", "-a", "-m", "Three", "v3.0").expectSuccess();
    clone.run("tag", "light", "HEAD~1").expectSuccess();
    clone.run("push", "-q", "--follow-tags", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(testCase.repository().id("v3.0")).isEqualTo(clone.id("v3.0"));
    assertThat(testCase.repository().contains("light")).isFalse();
    clone.run("push", "-q", "--tags", "origin").expectSuccess();
    assertThat(testCase.repository().id("light")).isEqualTo(clone.id("HEAD~1"));
  }

  @ForEachProtocol
  void an_atomic_push_updates_all_refs_or_none(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    testCase
        .repository()
        .installHook("update", "case $1 in */bad) echo no bad refs >&2; exit 1;; esac");
    var clone = testCase.gitClone();
    String[] refs = {"HEAD:refs/heads/good", "HEAD:refs/heads/bad"};
    var result = clone.run("push", "--atomic", "origin", refs[0], refs[1]).expectExit(1);
    assertThat(result.stderr()).contains("remote: no bad refs", "atomic push");
    assertThat(testCase.repository().contains("good")).isFalse();
    clone.run("push", "origin", refs[0], refs[1]).expectExit(1);
    assertThat(testCase.repository().contains("good")).isTrue();
    assertThat(testCase.repository().contains("bad")).isFalse();
  }

  @ForEachProtocol
  void push_options_reach_the_hook(ClientProtocol protocol) throws IOException {
    MatrixCase testCase = sample(protocol);
    testCase
        .repository()
        .installHook("pre-receive", "env | grep ^GIT_PUSH_OPTION | sort > hook-output");
    var clone = testCase.gitClone();
    clone
        .run("push", "-q", "-o", "ci.skip", "-o", "a=b c", "origin", "HEAD:refs/heads/x")
        .expectSuccess();
    assertThat(hookOutput(testCase))
        .isEqualTo("GIT_PUSH_OPTION_0=ci.skip\nGIT_PUSH_OPTION_1=a=b c\nGIT_PUSH_OPTION_COUNT=2");
    clone.run("push", "-q", "-o", "gone", "origin", ":refs/heads/x").expectSuccess();
    assertThat(hookOutput(testCase)).contains("GIT_PUSH_OPTION_0=gone");
  }

  @ForEachProtocol
  void a_signed_push_is_verified_by_the_node(ClientProtocol protocol) throws IOException {
    MatrixCase testCase = sample(protocol);
    SshKey key = SshKey.ed25519(testCase.folder(), "signer");
    Path signers = testCase.folder().resolve("signers");
    Files.writeString(signers, "al@example.org " + key.publicKeyLine() + "\n");
    testCase.repository().config("gpg.ssh.allowedSignersFile", signers.toString());
    testCase
        .repository()
        .installHook("pre-receive", "env | grep ^GIT_PUSH_CERT | sort > hook-output");
    var clone =
        testCase
            .gitClone()
            .config("gpg.format", "ssh")
            .config("user.signingKey", key.privateKey().toString());
    String id = clone.commit("new.txt", "new\n");
    clone.run("push", "-q", "--signed=yes", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(hookOutput(testCase))
        .contains("GIT_PUSH_CERT_STATUS=G", "GIT_PUSH_CERT_NONCE_STATUS=OK");
    assertThat(testCase.repository().id("main")).isEqualTo(id);
  }

  @ForEachProtocol
  void a_push_refused_by_a_hook_shows_the_reason(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    testCase.repository().installHook("pre-receive", "echo not on a Friday; exit 1");
    var clone = testCase.gitClone();
    var result =
        clone.run("push", "origin", "HEAD:refs/heads/x", ":refs/heads/topic").expectExit(1);
    assertThat(result.stderr())
        .contains("remote: not on a Friday", "[remote rejected]", "(pre-receive hook declined)");
    assertThat(testCase.repository().contains("x")).isFalse();
    assertThat(testCase.repository().contains("topic")).isTrue();
  }

  @ForEachProtocol
  void output_of_a_post_receive_hook_reaches_the_client(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    testCase.repository().installHook("post-receive", "echo deployed");
    var clone = testCase.gitClone();
    assertThat(clone.run("push", "origin", "HEAD:refs/heads/x").expectSuccess().stderr())
        .contains("remote: deployed");
  }

  @ForEachProtocol
  void a_push_larger_than_the_post_buffer_arrives_complete(ClientProtocol protocol)
      throws IOException {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    byte[] content = new byte[3 << 20];
    new Random(7).nextBytes(content);
    Files.write(clone.directory().resolve("noise"), content);
    String id = clone.commit("new.txt", "new\n");
    clone.run("add", "noise").expectSuccess();
    clone.run("commit", "-q", "--amend", "-m", "Noise").expectSuccess();
    clone.run("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(testCase.repository().id("main")).isEqualTo(clone.id("HEAD")).isNotEqualTo(id);
    testCase.repository().fsck();
  }

  @ForEachProtocol
  void a_push_with_negotiation_sends_only_missing_objects(ClientProtocol protocol) {
    MatrixCase testCase = sample(protocol);
    var clone = testCase.gitClone();
    String remoteCommit = testCase.repository().commit("topic", "theirs.txt", "theirs\n");
    String localCommit = clone.commit("mine.txt", "mine\n");
    clone
        .config("push.negotiate", "true")
        .run("push", "-q", "origin", "HEAD:refs/heads/mine")
        .expectSuccess();
    assertThat(testCase.repository().id("mine")).isEqualTo(localCommit);
    assertThat(testCase.repository().id("topic")).isEqualTo(remoteCommit);
  }

  private static String hookOutput(MatrixCase testCase) throws IOException {
    return Files.readString(testCase.repository().folder().resolve("hook-output")).strip();
  }
}
