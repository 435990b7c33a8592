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

/// Public-key authentication, greetings and host keys, with OpenSSH as the client.
final class LoginTest {
  @TempDir static Path folder;
  private static SshTestProxy proxy;

  @BeforeAll
  static void begin() throws IOException {
    proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults());
  }

  @AfterAll
  static void end() {
    proxy.close();
  }

  @Test
  void the_greeting_names_the_user_and_the_key() throws IOException {
    Command.Result result = proxy.exec("alice", List.of("-T")).expectSuccess();
    assertThat(result.out()).contains("alice").contains("SHA256:").contains("no shell");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void a_shell_request_with_a_terminal_is_greeted_too() throws IOException {
    assertThat(greeting("-tt", "git").expectSuccess().out())
        .contains("Hello alice")
        .contains("\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"git", "alice", "root", "a+b.c@d"})
  void the_ssh_user_name_is_ignored(String name) throws IOException {
    assertThat(greeting("-T", name).expectSuccess().out()).contains("Hello alice");
  }

  private static Command.Result greeting(String option, String name) throws IOException {
    return proxy.exec("alice", List.of(option, "-o", "User=" + name));
  }

  @Test
  void a_key_of_two_users_identifies_nobody() throws IOException {
    assertThat(proxy.exec("twice", List.of("-T")).out()).contains("more than one user");
    Command.Result result = proxy.git("twice", 2).run("git", "ls-remote", proxy.url("acme/app"));
    assertThat(result.status()).isEqualTo(128);
    assertThat(result.err()).contains("remote error: ").contains("more than one user");
  }

  @Test
  void an_unknown_key_is_refused_and_only_public_keys_are_offered() throws IOException {
    Command.Result result = proxy.exec("mallory", List.of("-T"));
    assertThat(result.status()).isEqualTo(255);
    assertThat(result.err()).contains("Permission denied (publickey).");
  }

  @Test
  void a_login_that_fails_counts_once_however_many_keys_it_offers(@TempDir Path own)
      throws IOException {
    try (SshTestProxy counting = new SshTestProxy(own, SshTestProxy.Options.defaults())) {
      for (String name : List.of("eve", "trudy")) TestKeys.keygen(own, name, "ed25519");
      List<String> strangersFirst =
          List.of("-T", "-i", own.resolve("eve").toString(), "-i", own.resolve("trudy").toString());
      assertThat(counting.exec("mallory", strangersFirst).status()).isEqualTo(255);
      counting.awaitFailedLogins(1);
      counting.exec("alice", strangersFirst).expectSuccess();
      counting.command().run("ssh-keyscan", "-p", "" + counting.port(), "127.0.0.1");
      assertThat(counting.exec("mallory", strangersFirst).status()).isEqualTo(255);
      counting.awaitFailedLogins(2);
      assertThat(counting.failedLogins).hasSize(2);
    }
  }

  @Test
  void an_agent_that_offers_ten_keys_logs_in_with_the_last() throws IOException {
    Command agent = proxy.command();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      TestKeys.keygen(folder, "stranger-" + i, "ed25519");
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
            + proxy.port()
            + " git@127.0.0.1";
    Command.Result result = agent.run("ssh-agent", "sh", "-c", script).expectSuccess();
    assertThat(result.out()).contains("Hello bob");
  }

  // The last one is the client's default.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "curve25519-sha256",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group14-sha256",
        "diffie-hellman-group16-sha512",
        "sntrup761x25519-sha512@openssh.com",
        "+curve25519-sha256"
      })
  void clients_log_in_with_every_usual_key_exchange(String algorithm) throws IOException {
    Command.Result result =
        proxy.exec(
            "alice",
            List.of("-T", "-v", "-o", "LogLevel=DEBUG1", "-o", "KexAlgorithms=" + algorithm));
    assertThat(result.expectSuccess().out()).contains("Hello alice");
    if (!algorithm.startsWith("+")) {
      assertThat(result.err()).contains("kex: algorithm: " + algorithm);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa-sha2-512", "rsa-sha2-256"})
  void rsa_keys_sign_with_sha_2(String algorithm) throws IOException {
    Command.Result result =
        proxy.exec("carol", List.of("-T", "-o", "PubkeyAcceptedAlgorithms=" + algorithm));
    assertThat(result.expectSuccess().out()).contains("Hello carol");
  }

  @Test
  void rsa_keys_that_sign_with_sha_1_are_refused() throws IOException {
    Command.Result result =
        proxy.exec("carol", List.of("-T", "-o", "PubkeyAcceptedAlgorithms=ssh-rsa"));
    assertThat(result.status()).isEqualTo(255);
    assertThat(result.err()).contains("Permission denied (publickey).");
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
  void weak_algorithms_are_not_offered(String option) throws IOException {
    String mac = option.startsWith("MACs") ? "Ciphers=aes128-ctr" : "Compression=no";
    Command.Result result =
        proxy.exec("alice", List.of("-T", "-o", "LogLevel=INFO", "-o", option, "-o", mac));
    assertThat(result.status()).isEqualTo(255);
    assertThat(result.err()).contains("no matching");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void a_client_that_knows_one_host_key_gets_that_one_and_learns_the_others(String type)
      throws IOException {
    Path file = folder.resolve("known-" + type);
    String port = String.valueOf(proxy.port());
    Command.Result scanned =
        proxy.command().run("ssh-keyscan", "-p", port, "-t", type, "127.0.0.1").expectSuccess();
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
    proxy.exec("alice", options).expectSuccess();
    assertThat(Files.readString(file))
        .contains(" ssh-ed25519 ")
        .contains(" ecdsa-sha2-nistp256 ")
        .contains(" ssh-rsa ");
  }
}
