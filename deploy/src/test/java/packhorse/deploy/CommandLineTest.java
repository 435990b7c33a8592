package packhorse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.config.Golden;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;

/// What the commands that need no running proxy print, and how they end.
class CommandLineTest {
  private record Ended(int code, String out, String err) {}

  @TempDir Path folder = Path.of("");

  static Set<String> commands() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Main.commandLine(System.in, nowhere, nowhere).getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_help_of_a_command_is_the_one_that_is_written_down(String command) {
    Ended ended = run("", command, "--help");
    assertThat(ended.code()).isEqualTo(ExitCode.OK.number());
    Golden.check("help/" + command + ".txt", ended.out());
  }

  @Test
  void the_help_of_the_program_is_the_one_that_is_written_down() {
    Golden.check("help/packhorse.txt", run("", "--help").out());
  }

  @Test
  void the_version_is_that_of_the_project() throws IOException {
    assertThat(run("", "--version").out()).isEqualTo("packhorse " + Version.number() + "\n");
    assertThat(Files.readString(Path.of("../pom.xml")))
        .contains("<version>" + Version.number() + "</version>");
  }

  @Test
  void the_numbers_of_exit_codes_stay() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::number)
        .isEqualTo(List.of(0, 1, 2, 3, 4, 130));
  }

  @Test
  void no_command_and_an_unknown_one_are_wrong_usage() {
    assertThat(run("").code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("").err()).startsWith("packhorse: say a command: ");
    assertThat(run("", "chekc").code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("", "check").err()).contains("FILE").contains("See: packhorse check --help");
  }

  @Test
  void check_prints_the_whole_configuration_and_warns_beside_it() throws IOException {
    Path file = write("0.0.0.0:80");
    Ended ended = run("", "check", file.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.OK.number());
    assertThat(ended.out()).contains("  answer: 30m\n").contains("    url: https://code.test\n");
    assertThat(ended.err()).startsWith(file + ":2:14: warning: listeners.http: ").hasLineCount(1);
  }

  @Test
  void check_prints_every_problem_and_nothing_else() throws IOException {
    Path file = write("everywhere");
    Files.writeString(file, Files.readString(file) + "polcy: []\n");
    Ended ended = run("", "check", file.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .isEqualTo(
            file
                + ":2:31: listeners.http.address: \"everywhere\" says no port\n"
                + file
                + ":4:1: polcy: unknown key; did you mean \"policy\"?\n");
  }

  @Test
  void check_of_a_file_that_is_not_there_is_one_line() {
    Ended ended = run("", "check", "/nowhere/packhorse.yaml");
    assertThat(ended.code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(ended.err()).isEqualTo("/nowhere/packhorse.yaml: no such file\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p:w\u00e4 rd", "p:w\u00e4 rd\n", "p:w\u00e4 rd\r\n"})
  void hash_prints_one_word_that_verifies_the_password_without_its_newline(String input) {
    Ended ended = run(input, "hash");
    assertThat(ended.code()).isEqualTo(ExitCode.OK.number());
    assertThat(ended.out()).matches("\\S+\\n").startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(PasswordHash.verify(ended.out().strip(), "p:w\u00e4 rd")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "two\nlines\n"})
  void hash_refuses_what_is_no_password(String input) {
    Ended ended = run(input, "hash");
    assertThat(ended.code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("packhorse: the password on standard input ")
        .hasLineCount(1);
  }

  @Test
  void token_prints_a_new_token_and_what_its_file_holds() {
    List<String> lines = run("", "token").out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).matches("pht_[A-Za-z0-9_-]{43}");
    assertThat(lines.get(1)).matches("sha256:[0-9a-f]{64}");
    assertThat(TokenHash.verify(lines.get(1), lines.get(0))).isTrue();
    assertThat(run("", "token").out().lines().toList()).doesNotContainAnyElementsOf(lines);
  }

  private Path write(String address) throws IOException {
    return Files.writeString(
        folder.resolve("packhorse.yaml"),
        """
        public-url: "https://code.test"
        listeners: { http: { address: "%s" } }
        pools: { main: { kind: plain, nodes: { a: "http://127.0.0.1:3000" } } }
        """
            .formatted(address));
  }

  private static Ended run(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    int code =
        Main.commandLine(in, new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }
}
