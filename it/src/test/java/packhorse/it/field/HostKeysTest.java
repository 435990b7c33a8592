package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyFixture;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// Host keys stay the same over a restart of the proxy; unknown user keys are refused at once.
@Tag("alone")
@ExtendWith(LeakDetector.class)
final class HostKeysTest {
  private static final List<String> TYPES = List.of("ed25519", "ecdsa", "rsa");

  @Test
  void host_keys_of_every_type_survive_a_restart_and_are_all_announced(@TempDir Path folder)
      throws IOException {
    Files.createDirectory(folder.resolve("host-keys"));
    SshKey.generate(folder.resolve("host-keys"), "of any name", "-t", "ed25519");
    SshKey.generate(folder.resolve("host-keys"), "second", "-t", "ecdsa");
    SshKey.generate(folder.resolve("host-keys"), "third", "-t", "rsa", "-b", "3072", "-m", "PEM");
    Map<String, String> hostKeys = new TreeMap<>();
    try (ProxyFixture fixture = ProxyFixture.start(folder, 1)) {
      for (String type : TYPES) {
        hostKeys.put(type, scanHostKey(fixture, type));
        logInRepeatedly(fixture, type, hostKeys);
      }
    }
    Files.delete(folder.resolve("alice"));
    Files.delete(folder.resolve("alice.pub"));
    try (ProxyFixture fixture = ProxyFixture.start(folder, 1)) {
      fixture.node(0).kill();
      for (String type : TYPES) {
        assertThat(scanHostKey(fixture, type)).isEqualTo(hostKeys.get(type));
        logInRepeatedly(fixture, type, hostKeys);
      }
    }
  }

  @Test
  void an_unknown_key_is_refused_at_once(@TempDir Path folder) {
    try (ProxyFixture fixture = ProxyFixture.start(folder, 1)) {
      SshKey mallory = SshKey.ed25519(folder, "mallory");
      OpenSshClient client =
          OpenSshClient.acceptNewHostKey(
                  mallory.privateKey(), fixture.proxy().port("ssh"), folder.resolve("known"))
              .withOption("LogLevel=VERBOSE");
      long start = System.nanoTime();
      CommandResult result = ssh(fixture, client, "-T");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(result.expectExit(255).stderr()).contains("Permission denied (publickey).");
    }
  }

  private static void logInRepeatedly(
      ProxyFixture fixture, String type, Map<String, String> hostKeys) throws IOException {
    int port = fixture.proxy().port("ssh");
    Path knownHosts = fixture.folder().resolve("known-" + type);
    String name = "[127.0.0.1]:" + port + " ";
    for (int i = 0; i < 3; i++) {
      Files.writeString(knownHosts, name + hostKeys.get(type) + "\n");
      OpenSshClient client =
          new OpenSshClient(
              fixture.key().privateKey(), port, knownHosts, "yes", List.of("UpdateHostKeys=yes"));
      assertThat(ssh(fixture, client, "-T").expectSuccess().stdout()).contains("alice");
      assertThat(Files.readString(knownHosts)).contains(" ssh-ed25519 ", " ecdsa-", " ssh-rsa ");
    }
  }

  /// Returns type and key of the proxy's host key of a type, as `ssh-keyscan` finds it.
  private static String scanHostKey(ProxyFixture fixture, String type) {
    String port = Integer.toString(fixture.proxy().port("ssh"));
    Command scan = Command.of(fixture.folder(), "ssh-keyscan", "-p", port, "-t", type, "127.0.0.1");
    String line = scan.run().output();
    return line.substring(line.indexOf(' ') + 1);
  }

  private static CommandResult ssh(ProxyFixture fixture, OpenSshClient client, String... options) {
    var argv = new ArrayList<>(client.argv());
    argv.addAll(List.of(options));
    argv.add("git@127.0.0.1");
    return Command.of(fixture.folder(), argv.toArray(String[]::new)).run();
  }
}
