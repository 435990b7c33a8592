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

/// Threats S8 and S9: what is no git is refused and does no harm, also to what else the connection
/// carries.
final class ForbiddenTest {
  @TempDir static Path folder;
  private static SshScene scene;

  @BeforeAll
  static void begin() throws IOException {
    scene = new SshScene(folder, SshScene.Terms.usual());
    scene.repository("acme/app", 3);
  }

  @AfterAll
  static void end() {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ls", "scp -t /", "sh -c id", "git-lfs-authenticate acme/app download"})
  void another_program_is_refused_in_words(String command) throws IOException {
    Command.Ran ran = scene.exec("alice", command);
    assertThat(ran.status()).isEqualTo(128);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .containsPattern("served|only git")
        .containsPattern("\\(decision [0-9a-z]{12}\\)\n$");
  }

  @Test
  void a_path_that_is_none_is_refused_in_words() throws IOException {
    Command.Ran ran = scene.exec("alice", "git-upload-pack '../x'");
    assertThat(ran.status()).isEqualTo(128);
    assertThat(ran.err()).contains("../x").contains("(decision ");
  }

  @Test
  void subsystems_are_refused() throws IOException {
    Command.Ran ran = scene.exec("alice", List.of("-s", "-o", "LogLevel=INFO"), "sftp");
    assertThat(ran.status()).isNotZero();
    assertThat(ran.err()).contains("subsystem request failed");
  }

  @ParameterizedTest
  @CsvSource({"-L,127.0.0.1:0:127.0.0.1:1", "-R,0:127.0.0.1:1", "-A,-T", "-X,-T", "-T,-T"})
  void forwarding_is_refused_and_the_connection_lives(String option, String value)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("-T", option, value));
    options.removeIf(one -> one.equals("127.0.0.1:0:127.0.0.1:1"));
    options.removeIf(one -> one.equals("-L"));
    assertThat(scene.exec("alice", options).well().out()).contains("Hello alice");
  }

  @Test
  void a_remote_forwarding_that_must_succeed_fails() throws IOException {
    Command.Ran ran =
        scene.exec("alice", List.of("-T", "-R", "0:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes"));
    assertThat(ran.status()).isEqualTo(255);
  }

  @Test
  void a_channel_to_somewhere_else_is_refused() throws IOException {
    Command.Ran ran = scene.exec("alice", List.of("-W", "127.0.0.1:22", "-o", "LogLevel=INFO"));
    assertThat(ran.status()).isEqualTo(255);
    assertThat(ran.err()).contains("open failed");
  }

  @Test
  void many_gits_over_one_connection_all_come_through() throws IOException {
    Path control = folder.resolve("control");
    scene.exec("alice", List.of("-M", "-N", "-f", "-S", control.toString())).well();
    String fetch =
        "git -c protocol.version=2 ls-remote " + scene.url("acme/app") + " > out-$i 2> err-$i";
    String script =
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do ("
            + fetch
            + " || touch failed-$i) & done; wait; ls failed-*";
    String ssh = String.join(" ", scene.ssh("alice", "-S", control.toString()));
    Command.Ran ran = scene.plain().with("GIT_SSH_COMMAND", ssh).run("sh", "-c", script);
    assertThat(ran.out()).isEmpty();
    scene.exec("alice", List.of("-S", control.toString(), "-O", "check")).well();
    scene.exec("alice", List.of("-S", control.toString(), "-O", "exit")).well();
  }
}
