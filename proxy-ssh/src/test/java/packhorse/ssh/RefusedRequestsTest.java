package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Threats S8 and S9: requests that are not git's are refused, and leave the connection and its
/// other channels working.
final class RefusedRequestsTest {
  @TempDir static Path folder;
  private static SshTestProxy proxy;

  @BeforeAll
  static void begin() throws IOException {
    proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults());
    proxy.repository("acme/app", 3);
  }

  @AfterAll
  static void end() {
    proxy.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls",
        "exit",
        "true",
        "scp -t /",
        "sh -c id",
        "git-lfs-authenticate acme/app download",
        "git-lfs-authenticate acme/app upload",
        "git-lfs-authenticate acme/app delete",
        "git-lfs-authenticate acme/app UPLOAD",
        "git-lfs-authenticate acme/app",
        "git-lfs-transfer acme/app verify",
        "git-annex-shell 'configlist' '/acme/app.git'"
      })
  void another_program_is_refused_with_a_message(String command) throws IOException {
    Command.Result result = proxy.exec("alice", command);
    assertThat(result.status()).isEqualTo(128);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .containsPattern("served|only git")
        .containsPattern("\\(decision [0-9a-z]{12}\\)\n$");
  }

  @Test
  void an_invalid_path_is_refused_with_a_message() throws IOException {
    Command.Result result = proxy.exec("alice", "git-upload-pack '../x'");
    assertThat(result.status()).isEqualTo(128);
    assertThat(result.err()).contains("../x").contains("(decision ");
  }

  @Test
  void subsystems_are_refused() throws IOException {
    Command.Result result = proxy.exec("alice", List.of("-s", "-o", "LogLevel=INFO"), "sftp");
    assertThat(result.status()).isNotZero();
    assertThat(result.err()).contains("subsystem request failed");
  }

  @ParameterizedTest
  @CsvSource({"-L,127.0.0.1:0:127.0.0.1:1", "-R,0:127.0.0.1:1", "-A,-T", "-X,-T", "-T,-T"})
  void forwarding_is_refused_and_the_connection_stays_open(String option, String value)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("-T", option, value));
    options.removeIf(argument -> argument.equals("127.0.0.1:0:127.0.0.1:1"));
    options.removeIf(argument -> argument.equals("-L"));
    assertThat(proxy.exec("alice", options).expectSuccess().out()).contains("Hello alice");
  }

  @Test
  void a_required_remote_forwarding_fails() throws IOException {
    Command.Result result =
        proxy.exec("alice", List.of("-T", "-R", "0:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes"));
    assertThat(result.status()).isEqualTo(255);
  }

  @Test
  void a_direct_tcpip_channel_is_refused() throws IOException {
    Command.Result result =
        proxy.exec("alice", List.of("-W", "127.0.0.1:22", "-o", "LogLevel=INFO"));
    assertThat(result.status()).isEqualTo(255);
    assertThat(result.err()).contains("open failed");
  }

  @Test
  void many_git_commands_over_one_connection_all_succeed() throws IOException {
    Path control = folder.resolve("control");
    proxy.exec("alice", List.of("-M", "-N", "-f", "-S", control.toString())).expectSuccess();
    String fetch =
        "git -c protocol.version=2 ls-remote " + proxy.url("acme/app") + " > out-$i 2> err-$i";
    String script =
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do ("
            + fetch
            + " || touch failed-$i) & done; wait; ls failed-*";
    String ssh = String.join(" ", proxy.ssh("alice", "-S", control.toString()));
    Command.Result result = proxy.command().with("GIT_SSH_COMMAND", ssh).run("sh", "-c", script);
    assertThat(result.out()).isEmpty();
    proxy.exec("alice", List.of("-S", control.toString(), "-O", "check")).expectSuccess();
    proxy.exec("alice", List.of("-S", control.toString(), "-O", "exit")).expectSuccess();
  }
}
