package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Pushes. See [ClientMatrix].
@ParameterizedClass(name = "{0}")
@EnumSource
final class PushMatrixTest extends ClientMatrix {
  @Ways
  void a_push_makes_and_moves_branches(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    String id = work.commit("new.txt", "new\n");
    var ran =
        work.git("push", "origin", "HEAD:refs/heads/main", "HEAD~2:refs/heads/made")
            .expectSuccess();
    assertThat(ran.stderr()).contains("main", "[new branch]");
    assertThat(scene.repository().id("main")).isEqualTo(id);
    assertThat(scene.repository().id("made")).isEqualTo(work.id("HEAD~2"));
    assertThat(work.id("origin/main")).isEqualTo(id);
    scene.repository().fsck();
  }

  @Ways
  void a_push_is_seen_by_the_next_fetch(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    scene.git().git("clone", "-q", scene.url(), "other").expectSuccess();
    String id = work.commit("new.txt", "new\n");
    work.git("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    scene.git("other").git("fetch", "-q").expectSuccess();
    assertThat(scene.git("other").id("origin/main")).isEqualTo(id);
  }

  @Ways
  void a_push_without_objects_makes_a_branch(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    work.git("push", "-q", "origin", "v1.0^{commit}:refs/heads/old").expectSuccess();
    assertThat(scene.repository().id("old")).isEqualTo(work.id("v1.0^{commit}"));
    assertThat(work.git("push", "origin", "v1.0^{commit}:refs/heads/old").expectSuccess().stderr())
        .contains("Everything up-to-date");
  }

  @Ways
  void a_push_that_would_lose_commits_needs_force(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    work.git("reset", "-q", "--hard", "HEAD~2").expectSuccess();
    String id = work.commit("other.txt", "other\n");
    String before = scene.repository().id("main");
    assertThat(work.git("push", "origin", "HEAD:refs/heads/main").expectExit(1).stderr())
        .contains("[rejected]");
    assertThat(scene.repository().id("main")).isEqualTo(before);
    work.git("push", "-q", "--force", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(scene.repository().id("main")).isEqualTo(id);
    assertThat(
            work.git("push", "--force-with-lease=topic:" + id, "origin", "HEAD:refs/heads/topic")
                .exit())
        .isEqualTo(1);
  }

  @Ways
  void a_push_can_do_nothing_but_delete(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    work.git("push", "-q", "origin", ":refs/heads/topic", ":refs/tags/nightly").expectSuccess();
    assertThat(scene.repository().refs())
        .doesNotContainKeys("refs/heads/topic", "refs/tags/nightly");
  }

  @Ways
  void tags_are_pushed(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    work.commit("new.txt", "new\n");
    work.git("tag", "-a", "-m", "Three", "v3.0").expectSuccess();
    work.git("tag", "light", "HEAD~1").expectSuccess();
    work.git("push", "-q", "--follow-tags", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(scene.repository().id("v3.0")).isEqualTo(work.id("v3.0"));
    assertThat(scene.repository().has("light")).isFalse();
    work.git("push", "-q", "--tags", "origin").expectSuccess();
    assertThat(scene.repository().id("light")).isEqualTo(work.id("HEAD~1"));
  }

  @Ways
  void an_atomic_push_makes_all_refs_or_none(Way way) {
    Scene scene = sample(way);
    scene.repository().hook("update", "case $1 in */bad) echo no bad refs >&2; exit 1;; esac");
    var work = scene.cloned();
    String[] refs = {"HEAD:refs/heads/good", "HEAD:refs/heads/bad"};
    var ran = work.git("push", "--atomic", "origin", refs[0], refs[1]).expectExit(1);
    assertThat(ran.stderr()).contains("remote: no bad refs", "atomic push");
    assertThat(scene.repository().has("good")).isFalse();
    work.git("push", "origin", refs[0], refs[1]).expectExit(1);
    assertThat(scene.repository().has("good")).isTrue();
    assertThat(scene.repository().has("bad")).isFalse();
  }

  @Ways
  void push_options_reach_the_hook(Way way) throws IOException {
    Scene scene = sample(way);
    scene.repository().hook("pre-receive", "env | grep ^GIT_PUSH_OPTION | sort > heard");
    var work = scene.cloned();
    work.git("push", "-q", "-o", "ci.skip", "-o", "a=b c", "origin", "HEAD:refs/heads/x")
        .expectSuccess();
    assertThat(heard(scene))
        .isEqualTo("GIT_PUSH_OPTION_0=ci.skip\nGIT_PUSH_OPTION_1=a=b c\nGIT_PUSH_OPTION_COUNT=2");
    work.git("push", "-q", "-o", "gone", "origin", ":refs/heads/x").expectSuccess();
    assertThat(heard(scene)).contains("GIT_PUSH_OPTION_0=gone");
  }

  @Ways
  void a_signed_push_is_believed_by_the_node(Way way) throws IOException {
    Scene scene = sample(way);
    SshKey key = SshKey.ed25519(scene.folder(), "signer");
    Path signers = scene.folder().resolve("signers");
    Files.writeString(signers, "al@example.org " + key.line() + "\n");
    scene.repository().set("gpg.ssh.allowedSignersFile", signers.toString());
    scene.repository().hook("pre-receive", "env | grep ^GIT_PUSH_CERT | sort > heard");
    var work =
        scene.cloned().set("gpg.format", "ssh").set("user.signingKey", key.privateKey().toString());
    String id = work.commit("new.txt", "new\n");
    work.git("push", "-q", "--signed=yes", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(heard(scene)).contains("GIT_PUSH_CERT_STATUS=G", "GIT_PUSH_CERT_NONCE_STATUS=OK");
    assertThat(scene.repository().id("main")).isEqualTo(id);
  }

  @Ways
  void a_push_that_a_hook_refuses_says_why(Way way) {
    Scene scene = sample(way);
    scene.repository().hook("pre-receive", "echo not on a Friday; exit 1");
    var work = scene.cloned();
    var ran = work.git("push", "origin", "HEAD:refs/heads/x", ":refs/heads/topic").expectExit(1);
    assertThat(ran.stderr())
        .contains("remote: not on a Friday", "[remote rejected]", "(pre-receive hook declined)");
    assertThat(scene.repository().has("x")).isFalse();
    assertThat(scene.repository().has("topic")).isTrue();
  }

  @Ways
  void what_a_hook_says_after_a_push_is_heard(Way way) {
    Scene scene = sample(way);
    scene.repository().hook("post-receive", "echo deployed");
    var work = scene.cloned();
    assertThat(work.git("push", "origin", "HEAD:refs/heads/x").expectSuccess().stderr())
        .contains("remote: deployed");
  }

  @Ways
  void a_push_larger_than_the_buffer_arrives_whole(Way way) throws IOException {
    Scene scene = sample(way);
    var work = scene.cloned();
    byte[] noise = new byte[3 << 20];
    new Random(7).nextBytes(noise);
    Files.write(work.directory().resolve("noise"), noise);
    String id = work.commit("new.txt", "new\n");
    work.git("add", "noise").expectSuccess();
    work.git("commit", "-q", "--amend", "-m", "Noise").expectSuccess();
    work.git("push", "-q", "origin", "HEAD:refs/heads/main").expectSuccess();
    assertThat(scene.repository().id("main")).isEqualTo(work.id("HEAD")).isNotEqualTo(id);
    scene.repository().fsck();
  }

  @Ways
  void a_push_that_negotiates_sends_what_is_missing(Way way) {
    Scene scene = sample(way);
    var work = scene.cloned();
    String theirs = scene.repository().commit("topic", "theirs.txt", "theirs\n");
    String mine = work.commit("mine.txt", "mine\n");
    work.set("push.negotiate", "true")
        .git("push", "-q", "origin", "HEAD:refs/heads/mine")
        .expectSuccess();
    assertThat(scene.repository().id("mine")).isEqualTo(mine);
    assertThat(scene.repository().id("topic")).isEqualTo(theirs);
  }

  private static String heard(Scene scene) throws IOException {
    return Files.readString(scene.repository().folder().resolve("heard")).strip();
  }
}
