package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Command;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ran;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Stage;

/// Host keys outlive the proxy and its nodes; keys of people that are unknown end at once.
@Tag("alone")
@ExtendWith(Leaks.class)
final class HostKeysTest {
  private static final List<String> TYPES = List.of("ed25519", "ecdsa", "rsa");

  @Test
  void every_type_stays_the_same_over_a_restart_and_the_others_are_learnt(@TempDir Path folder)
      throws IOException {
    Files.createDirectory(folder.resolve("host-keys"));
    SshKey.make(folder.resolve("host-keys"), "of any name", "-t", "ed25519");
    SshKey.make(folder.resolve("host-keys"), "second", "-t", "ecdsa");
    SshKey.make(folder.resolve("host-keys"), "third", "-t", "rsa", "-b", "3072", "-m", "PEM");
    Map<String, String> shown = new TreeMap<>();
    try (Stage stage = Stage.of(folder, 1)) {
      for (String type : TYPES) {
        shown.put(type, scanned(stage, type));
        logins(stage, type, shown);
      }
    }
    Files.delete(folder.resolve("alice"));
    Files.delete(folder.resolve("alice.pub"));
    try (Stage stage = Stage.of(folder, 1)) {
      stage.node(0).kill();
      for (String type : TYPES) {
        assertThat(scanned(stage, type)).isEqualTo(shown.get(type));
        logins(stage, type, shown);
      }
    }
  }

  @Test
  void an_unknown_key_is_refused_at_once_and_told_of_keys_alone(@TempDir Path folder) {
    try (Stage stage = Stage.of(folder, 1)) {
      SshKey mallory = SshKey.ed25519(folder, "mallory");
      SshWay way =
          SshWay.trusting(mallory.privateKey(), stage.proxy().port("ssh"), folder.resolve("known"))
              .option("LogLevel=VERBOSE");
      long begun = System.nanoTime();
      Ran ran = ssh(stage, way, "-T");
      assertThat(java.time.Duration.ofNanos(System.nanoTime() - begun))
          .isLessThan(java.time.Duration.ofSeconds(5));
      assertThat(ran.expectExit(255).stderr()).contains("Permission denied (publickey).");
    }
  }

  private static void logins(Stage stage, String type, Map<String, String> shown)
      throws IOException {
    int port = stage.proxy().port("ssh");
    Path known = stage.folder().resolve("known-" + type);
    String name = "[127.0.0.1]:" + port + " ";
    for (int i = 0; i < 3; i++) {
      Files.writeString(known, name + shown.get(type) + "\n");
      SshWay way =
          new SshWay(stage.key().privateKey(), port, known, "yes", List.of("UpdateHostKeys=yes"));
      assertThat(ssh(stage, way, "-T").expectSuccess().stdout()).contains("alice");
      assertThat(Files.readString(known)).contains(" ssh-ed25519 ", " ecdsa-", " ssh-rsa ");
    }
  }

  /// Type and key, without the name of the machine.
  private static String scanned(Stage stage, String type) {
    String port = Integer.toString(stage.proxy().port("ssh"));
    Command scan = Command.of(stage.folder(), "ssh-keyscan", "-p", port, "-t", type, "127.0.0.1");
    String line = scan.run().output();
    return line.substring(line.indexOf(' ') + 1);
  }

  private static Ran ssh(Stage stage, SshWay way, String... more) {
    var argv = new ArrayList<>(way.argv());
    argv.addAll(List.of(more));
    argv.add("git@127.0.0.1");
    return Command.of(stage.folder(), argv.toArray(String[]::new)).run();
  }
}
