package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.PortAllocator;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.ssh.OpenSshClient;

/// What users have in their `ssh_config` for all hosts, and each cipher and MAC.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class SshOptionsTest {
  private static final List<String> MACS =
      List.of(
          "hmac-sha2-256-etm@openssh.com",
          "hmac-sha2-512-etm@openssh.com",
          "hmac-sha2-256",
          "hmac-sha2-512");

  private final ProxyFixture fixture;
  private final Repository large;

  SshOptionsTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
    large = fixture.repositories().large("acme/large", TestProfile.pick(1, 12));
    fixture.repositories().sample("acme/app");
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  /// A cipher and the MAC that is used with it; none with AES-GCM, which needs none.
  record Algorithms(String cipher, String mac) {}

  private static Stream<Algorithms> algorithms() {
    Stream<Algorithms> withoutMac =
        Stream.of("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
            .map(cipher -> new Algorithms(cipher, "<implicit>"));
    List<String> counterMode = List.of("aes128-ctr", "aes192-ctr", "aes256-ctr");
    Stream<Algorithms> withMac =
        TestProfile.isThorough()
            ? counterMode.stream()
                .flatMap(cipher -> MACS.stream().map(mac -> new Algorithms(cipher, mac)))
            : Stream.of(0, 1, 2, 3).map(i -> new Algorithms(counterMode.get(i % 3), MACS.get(i)));
    return Stream.concat(withoutMac, withMac);
  }

  @Tag("counted")
  @ParameterizedTest
  @MethodSource("algorithms")
  void a_transfer_is_whole_after_its_keys_were_renewed(Algorithms algorithms) throws IOException {
    OpenSshClient client =
        fixture
            .sshClient()
            .withOption("Ciphers=" + algorithms.cipher())
            .withOption("RekeyLimit=300K");
    if (!algorithms.mac().equals("<implicit>")) {
      client = client.withOption("MACs=" + algorithms.mac());
    }
    GitRunner git =
        fixture
            .git(algorithms.cipher() + "-" + algorithms.mac())
            .env("GIT_SSH_COMMAND", client.commandLine() + " -v");
    String url = fixture.proxy().sshUrl(large.name());
    CommandResult clone = git.run("clone", "-q", url, "work").expectSuccess();
    assertThat(clone.stderr())
        .contains("server->client cipher: " + algorithms.cipher() + " MAC: " + algorithms.mac());
    // The first keys, and others at least once: how often depends on what is on its way by then.
    assertThat(clone.stderr().split("SSH2_MSG_NEWKEYS received", -1)).hasSizeGreaterThan(2);
    if (TestProfile.isThorough()) push(git.at("work"), algorithms);
    git.at("work").run("fsck").expectSuccess();
  }

  private void push(GitRunner clone, Algorithms algorithms) throws IOException {
    byte[] content = new byte[8 << 20];
    new Random(1).nextBytes(content);
    Files.write(clone.directory().resolve("mine"), content);
    clone.run("add", "mine").expectSuccess();
    clone.run("commit", "-q", "-m", "Mine").expectSuccess();
    String branch = "refs/heads/" + algorithms.cipher() + "-" + algorithms.mac().replace("@", "-");
    clone.run("push", "-q", "origin", "HEAD:" + branch.replace("@", "-")).expectSuccess();
    assertThat(large.refs()).containsValue(clone.id("HEAD"));
  }

  /// Options that a user may have set for all hosts.
  private List<String> options() {
    Path socket = fixture.folder().resolve("forwarded");
    return List.of(
        "ForwardAgent=yes",
        "ForwardX11=yes",
        "ForwardX11Trusted=yes",
        "LocalForward=" + socket + " 127.0.0.1:1",
        "RemoteForward=0 127.0.0.1:1",
        "DynamicForward=127.0.0.1:" + PortAllocator.allocate(),
        "SendEnv=*",
        "SetEnv=LC_ALL=C EDITOR=vi",
        "Compression=yes",
        "HostbasedAuthentication=yes",
        "GSSAPIAuthentication=yes",
        "PreferredAuthentications=hostbased,password,keyboard-interactive,publickey",
        "UpdateHostKeys=yes",
        "HashKnownHosts=yes",
        "RequestTTY=yes",
        "PermitLocalCommand=yes",
        "LocalCommand=true",
        "TCPKeepAlive=no",
        "ServerAliveInterval=1",
        "VisualHostKey=yes",
        "ConnectionAttempts=3",
        "IPQoS=af21 cs1",
        "StreamLocalBindUnlink=yes");
  }

  @Tag("counted")
  @Test
  void git_clones_with_whatever_ssh_is_told_to_do_for_all_hosts() {
    OpenSshClient all = fixture.sshClient();
    for (String option : options()) {
      all = all.withOption(option);
      if (TestProfile.isThorough()) clone(fixture.sshClient().withOption(option), option);
    }
    clone(all, "all");
  }

  private void clone(OpenSshClient client, String option) {
    GitRunner git = fixture.git("option-" + option.replaceAll("[^A-Za-z0-9]", "-")).ssh(client);
    git.run("clone", "-q", fixture.proxy().sshUrl("acme/app"), "work").expectSuccess();
    assertThat(git.at("work").run("rev-list", "--count", "main").output()).isEqualTo("8");
  }

  @Test
  void a_client_that_insists_on_a_forwarding_ends_as_it_asked() {
    OpenSshClient client =
        fixture
            .sshClient()
            .withOption("RemoteForward=0 127.0.0.1:1")
            .withOption("ExitOnForwardFailure=yes");
    GitRunner git = fixture.git("insisting").ssh(client);
    assertThat(git.run("ls-remote", fixture.proxy().sshUrl("acme/app")).expectExit(128).stderr())
        .contains("forwarding failed");
  }
}
