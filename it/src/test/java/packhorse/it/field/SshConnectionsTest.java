package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Command;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Transport;

/// Connections that are shared, that wait, and that renew their keys.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class SshConnectionsTest {
  private final Stage stage;

  SshConnectionsTest(@TempDir Path folder) {
    String patience = "{ login: 2s, stall: 1s, idle: 1s }";
    stage =
        Stage.of(folder, 1, text -> Sizes.thorough() ? text : text.section("timeouts", patience));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @Tag("counted")
  @Test
  void a_push_whose_hook_takes_longer_than_every_patience_is_waited_for() throws IOException {
    Repository app = stage.repositories().sample("acme/late");
    Map<String, String> ids = new LinkedHashMap<>();
    List<Started> running = new ArrayList<>();
    for (String option : List.of("ServerAliveInterval=0", "ServerAliveInterval=1")) {
      GitRunner work = stage.cloned(Transport.SSH, app.name(), option);
      hook(work, Sizes.pick(2, 150));
      ids.put(option, work.commit("new", option));
      GitRunner git = work.ssh(stage.way().option(option)).limit(Duration.ofMinutes(5));
      running.add(git.command("push", "-q", "origin", "HEAD:refs/heads/" + option).start());
    }
    for (Started push : running) {
      try (push) {
        push.finish().expectSuccess();
      }
    }
    ids.forEach((option, id) -> assertThat(app.id("refs/heads/" + option)).isEqualTo(id));
  }

  @Test
  void twelve_fetches_over_one_connection_all_come_through() throws IOException {
    Repository app = stage.repositories().sample("acme/shared");
    for (int i = 0; i < 12; i++) stage.cloned(Transport.SSH, app.name(), "shared-" + i);
    String id = app.commit("main", "new", "text");
    int before = stage.audit(12, "acme/shared").size();
    Path socket = Files.createTempDirectory("cm").resolve("s");
    SshWay way = stage.way().option("ControlPath=" + socket);
    master(way, "-M", "-N", "-f").expectSuccess();
    List<Started> running = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      GitRunner work = stage.git("shared-" + i).ssh(way).at("work");
      running.add(work.command("fetch", "-q", "origin").start());
    }
    for (Started one : running) {
      try (one) {
        one.finish().expectSuccess();
      }
    }
    for (int i = 0; i < 12; i++) {
      assertThat(stage.git("shared-" + i).at("work").id("origin/main")).isEqualTo(id);
    }
    assertThat(stage.audit(before + 12, "acme/shared")).hasSize(before + 12);
    master(way, "-O", "check").expectSuccess();
    master(way, "-O", "exit").expectSuccess();
    Files.deleteIfExists(socket);
    Files.delete(socket.getParent());
  }

  @Test
  void the_exit_status_comes_before_the_end_of_what_is_said() {
    stage.repositories().sample("acme/status");
    var argv = new ArrayList<>(stage.way().argv());
    argv.addAll(List.of("-vv", "git@127.0.0.1", "git-upload-pack 'acme/status.git'"));
    Ran ran = Command.of(stage.folder(), argv.toArray(String[]::new)).run();
    assertThat(ran.stderr()).containsSubsequence("rtype exit-status", "rcvd eof", "rcvd close");
  }

  @Tag("counted")
  @Test
  void transfers_go_on_while_keys_are_renewed() throws IOException {
    int mib = Sizes.pick(2, 30);
    Repository app = stage.repositories().large("acme/large", mib);
    // OpenSSH's own choice takes a tenth of a second for each of some hundred renewals
    SshWay way = stage.way().option("RekeyLimit=256K 1s").option("KexAlgorithms=curve25519-sha256");
    for (int round = 0; round < Sizes.pick(1, 5); round++) {
      GitRunner git = stage.git("rekey-" + round).env("GIT_SSH_COMMAND", way.line() + " -v");
      Ran clone = git.git("clone", "-q", stage.proxy().ssh(app.name()), "work").expectSuccess();
      assertThat(rekeyed(clone)).isGreaterThan(mib);
      GitRunner work = git.at("work");
      byte[] noise = new byte[mib << 20];
      new Random(round).nextBytes(noise);
      Files.write(work.directory().resolve("mine"), noise);
      work.git("add", "mine").expectSuccess();
      work.git("commit", "-q", "-m", "Mine").expectSuccess();
      Ran push = work.git("push", "-q", "origin", "HEAD:refs/heads/r" + round).expectSuccess();
      assertThat(rekeyed(push)).isGreaterThan(mib);
      hook(work, Sizes.pick(2, 5));
      work.git("push", "-q", "origin", "HEAD~1:refs/heads/s" + round).expectSuccess();
      work.git("fsck").expectSuccess();
    }
    app.fsck();
  }

  private static long rekeyed(Ran ran) {
    return ran.stderr().lines().filter(line -> line.contains("SSH2_MSG_NEWKEYS received")).count();
  }

  private static void hook(GitRunner work, int seconds) throws IOException {
    Path hook = work.directory().resolve(".git/hooks/pre-push");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\nsleep " + seconds + "\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
  }

  private Ran master(SshWay way, String... how) {
    var argv = new ArrayList<>(way.argv());
    argv.addAll(List.of(how));
    argv.add("git@127.0.0.1");
    return Command.of(stage.folder(), argv.toArray(String[]::new)).run();
  }
}
