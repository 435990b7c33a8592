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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.ssh.OpenSshClient;

/// SSH connections that are shared, that wait, and that renew their keys.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class SshConnectionsTest {
  private final ProxyFixture fixture;

  SshConnectionsTest(@TempDir Path folder) {
    String timeouts = "{ login: 2s, stall: 1s, idle: 1s }";
    fixture =
        ProxyFixture.start(
            folder,
            1,
            config -> TestProfile.isThorough() ? config : config.section("timeouts", timeouts));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Tag("counted")
  @Test
  void a_push_succeeds_after_a_hook_that_takes_longer_than_every_timeout() throws IOException {
    Repository app = fixture.repositories().sample("acme/late");
    Map<String, String> commits = new LinkedHashMap<>();
    List<RunningCommand> commands = new ArrayList<>();
    for (String option : List.of("ServerAliveInterval=0", "ServerAliveInterval=1")) {
      GitRunner clone = fixture.gitClone(GitTransport.SSH, app.name(), option);
      installPrePushHook(clone, TestProfile.pick(2, 150));
      commits.put(option, clone.commit("new", option));
      GitRunner git =
          clone.ssh(fixture.sshClient().withOption(option)).timeout(Duration.ofMinutes(5));
      commands.add(git.command("push", "-q", "origin", "HEAD:refs/heads/" + option).start());
    }
    for (RunningCommand push : commands) {
      try (push) {
        push.waitFor().expectSuccess();
      }
    }
    commits.forEach((option, id) -> assertThat(app.id("refs/heads/" + option)).isEqualTo(id));
  }

  @Test
  void twelve_fetches_over_one_connection_succeed() throws IOException {
    Repository app = fixture.repositories().sample("acme/shared");
    for (int i = 0; i < 12; i++) fixture.gitClone(GitTransport.SSH, app.name(), "shared-" + i);
    String id = app.commit("main", "new", "text");
    int before = fixture.awaitAuditRecords(12, "acme/shared").size();
    Path socket = Files.createTempDirectory("cm").resolve("s");
    OpenSshClient client = fixture.sshClient().withOption("ControlPath=" + socket);
    runMaster(client, "-M", "-N", "-f").expectSuccess();
    List<RunningCommand> commands = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      GitRunner clone = fixture.git("shared-" + i).ssh(client).at("work");
      commands.add(clone.command("fetch", "-q", "origin").start());
    }
    for (RunningCommand command : commands) {
      try (command) {
        command.waitFor().expectSuccess();
      }
    }
    for (int i = 0; i < 12; i++) {
      assertThat(fixture.git("shared-" + i).at("work").id("origin/main")).isEqualTo(id);
    }
    assertThat(fixture.awaitAuditRecords(before + 12, "acme/shared")).hasSize(before + 12);
    runMaster(client, "-O", "check").expectSuccess();
    runMaster(client, "-O", "exit").expectSuccess();
    Files.deleteIfExists(socket);
    Files.delete(socket.getParent());
  }

  @Test
  void the_exit_status_is_sent_before_eof_and_close() {
    fixture.repositories().sample("acme/status");
    var argv = new ArrayList<>(fixture.sshClient().argv());
    argv.addAll(List.of("-vv", "git@127.0.0.1", "git-upload-pack 'acme/status.git'"));
    CommandResult result = Command.of(fixture.folder(), argv.toArray(String[]::new)).run();
    assertThat(result.stderr()).containsSubsequence("rtype exit-status", "rcvd eof", "rcvd close");
  }

  @Tag("counted")
  @Test
  void transfers_continue_during_rekeying() throws IOException {
    int mib = TestProfile.pick(2, 12);
    Repository app = fixture.repositories().large("acme/large", mib);
    OpenSshClient client = fixture.sshClient().withOption("RekeyLimit=256K 1s");
    String ssh = client.commandLine() + " -v";
    String url = fixture.proxy().sshUrl(app.name());
    for (int round = 0; round < TestProfile.pick(1, 20); round++) {
      GitRunner git = fixture.git("rekey-" + round).env("GIT_SSH_COMMAND", ssh);
      CommandResult clone = git.run("clone", "-q", "--single-branch", url, "work").expectSuccess();
      assertThat(keyExchangeCount(clone)).isGreaterThan(2);
      git.at("work").run("fsck").expectSuccess();
      if (round == 0) pushDuringRekeying(git.at("work"), TestProfile.pick(2, 8));
    }
    app.fsck();
  }

  private static void pushDuringRekeying(GitRunner clone, int mib) throws IOException {
    byte[] content = new byte[mib << 20];
    new Random(1).nextBytes(content);
    Files.write(clone.directory().resolve("mine"), content);
    clone.run("add", "mine").expectSuccess();
    clone.run("commit", "-q", "-m", "Mine").expectSuccess();
    CommandResult push = clone.run("push", "-q", "origin", "HEAD:refs/heads/r").expectSuccess();
    assertThat(keyExchangeCount(push)).isGreaterThan(mib);
    installPrePushHook(clone, TestProfile.pick(2, 5));
    clone.run("push", "-q", "origin", "HEAD~1:refs/heads/s").expectSuccess();
  }

  private static long keyExchangeCount(CommandResult result) {
    return result
        .stderr()
        .lines()
        .filter(line -> line.contains("SSH2_MSG_NEWKEYS received"))
        .count();
  }

  private static void installPrePushHook(GitRunner clone, int seconds) throws IOException {
    Path hook = clone.directory().resolve(".git/hooks/pre-push");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\nsleep " + seconds + "\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
  }

  private CommandResult runMaster(OpenSshClient client, String... options) {
    var argv = new ArrayList<>(client.argv());
    argv.addAll(List.of(options));
    argv.add("git@127.0.0.1");
    return Command.of(fixture.folder(), argv.toArray(String[]::new)).run();
  }
}
