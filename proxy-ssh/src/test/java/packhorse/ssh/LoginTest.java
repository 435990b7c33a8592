package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, and what he is told, with OpenSSH as the client.
final class LoginTest {
  @TempDir static Path folder;
  private static SshScene scene;

  @BeforeAll
  static void begin() throws IOException {
    scene = new SshScene(folder, SshScene.Terms.usual());
  }

  @AfterAll
  static void end() {
    scene.close();
  }

  @Test
  void a_shell_is_greeted_with_the_owner_and_the_key() throws IOException {
    Command.Ran ran = scene.exec("alice", List.of("-T")).well();
    assertThat(ran.out()).contains("alice").contains("SHA256:").contains("no shell");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void a_shell_with_a_terminal_is_greeted_too() throws IOException {
    assertThat(greeting("-tt", "git").well().out()).contains("Hello alice").contains("\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"git", "alice", "root", "a+b.c@d"})
  void any_login_name_is_as_good_as_another(String name) throws IOException {
    assertThat(greeting("-T", name).well().out()).contains("Hello alice");
  }

  private static Command.Ran greeting(String option, String name) throws IOException {
    return scene.exec("alice", List.of(option, "-o", "User=" + name));
  }

  @Test
  void a_key_of_two_users_is_told_that_it_is_nobodys() throws IOException {
    assertThat(scene.exec("twice", List.of("-T")).out()).contains("more than one user");
    Command.Ran ran = scene.git("twice", 2).run("git", "ls-remote", scene.url("acme/app"));
    assertThat(ran.status()).isEqualTo(128);
    assertThat(ran.err()).contains("remote error: ").contains("more than one user");
  }

  @Test
  void an_unknown_key_is_told_of_public_keys_only() throws IOException {
    Command.Ran ran = scene.exec("mallory", List.of("-T"));
    assertThat(ran.status()).isEqualTo(255);
    assertThat(ran.err()).contains("Permission denied (publickey).");
  }

  @Test
  void an_agent_that_offers_ten_keys_gets_in_with_the_right_one() throws IOException {
    Command agent = scene.plain();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      SharedKeys.keygen(folder, "stranger-" + i, "ed25519");
      keys.add("stranger-" + i);
    }
    keys.add("bob");
    String script =
        "chmod 600 "
            + String.join(" ", keys)
            + " && ssh-add -q "
            + String.join(" ", keys)
            + " && exec ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o"
            + " UserKnownHostsFile=/dev/null -o LogLevel=ERROR -T -p "
            + scene.port()
            + " git@127.0.0.1";
    Command.Ran ran = agent.run("ssh-agent", "sh", "-c", script).well();
    assertThat(ran.out()).contains("Hello bob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa-sha2-512", "rsa-sha2-256"})
  void rsa_keys_sign_with_sha_2(String algorithm) throws IOException {
    Command.Ran ran =
        scene.exec("carol", List.of("-T", "-o", "PubkeyAcceptedAlgorithms=" + algorithm));
    assertThat(ran.well().out()).contains("Hello carol");
  }

  @Test
  void rsa_keys_that_sign_with_sha_1_are_refused() throws IOException {
    Command.Ran ran = scene.exec("carol", List.of("-T", "-o", "PubkeyAcceptedAlgorithms=ssh-rsa"));
    assertThat(ran.status()).isEqualTo(255);
    assertThat(ran.err()).contains("Permission denied (publickey).");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KexAlgorithms=diffie-hellman-group14-sha1",
        "MACs=hmac-sha1",
        "Ciphers=aes128-cbc",
        "HostKeyAlgorithms=ssh-rsa",
        "Ciphers=chacha20-poly1305@openssh.com",
        "KexAlgorithms=diffie-hellman-group1-sha1"
      })
  void weak_algorithms_find_nothing_in_common(String option) throws IOException {
    String mac = option.startsWith("MACs") ? "Ciphers=aes128-ctr" : "Compression=no";
    Command.Ran ran =
        scene.exec("alice", List.of("-T", "-o", "LogLevel=INFO", "-o", option, "-o", mac));
    assertThat(ran.status()).isEqualTo(255);
    assertThat(ran.err()).contains("no matching");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void who_knows_one_host_key_is_shown_that_one_and_learns_the_others(String type)
      throws IOException {
    Path file = folder.resolve("known-" + type);
    String port = String.valueOf(scene.port());
    Command.Ran scanned =
        scene.plain().run("ssh-keyscan", "-p", port, "-t", type, "127.0.0.1").well();
    Files.writeString(file, scanned.out());
    List<String> options =
        List.of(
            "-T",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "UpdateHostKeys=yes",
            "-o",
            "UserKnownHostsFile=" + file);
    scene.exec("alice", options).well();
    assertThat(Files.readString(file))
        .contains(" ssh-ed25519 ")
        .contains(" ecdsa-sha2-nistp256 ")
        .contains(" ssh-rsa ");
  }
}
