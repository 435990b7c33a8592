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
import packhorse.config.read.GoldenFile;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;

/// Tests the output and exit codes of the commands that need no running proxy.
class CommandLineTest {
  private record Result(int code, String out, String err) {}

  @TempDir Path folder = Path.of("");

  static Set<String> commands() {
    PrintWriter discarded = new PrintWriter(new StringWriter());
    return Main.commandLine(System.in, discarded, discarded).getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_help_of_a_command_equals_the_recorded_one(String command) {
    Result result = run("", command, "--help");
    assertThat(result.code()).isEqualTo(ExitCode.OK.number());
    GoldenFile.check("help/" + command + ".txt", result.out());
  }

  @Test
  void the_help_of_the_program_equals_the_recorded_one() {
    GoldenFile.check("help/packhorse.txt", run("", "--help").out());
  }

  @Test
  void the_version_is_the_version_of_the_project() throws IOException {
    assertThat(run("", "--version").out()).isEqualTo("packhorse " + Version.number() + "\n");
    assertThat(Files.readString(Path.of("../pom.xml")))
        .contains("<version>" + Version.number() + "</version>");
  }

  @Test
  void the_numbers_of_exit_codes_are_stable() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::number)
        .isEqualTo(List.of(0, 1, 2, 3, 4, 130));
  }

  @Test
  void a_missing_or_unknown_command_is_a_usage_error() {
    assertThat(run("").code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("").err()).startsWith("packhorse: a command is required: ");
    assertThat(run("", "chekc").code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run("", "check").err()).contains("FILE").contains("See: packhorse check --help");
  }

  @Test
  void check_prints_the_whole_configuration_and_warnings_on_standard_error() throws IOException {
    Path file = write("0.0.0.0:80");
    Result result = run("", "check", file.toString());
    assertThat(result.code()).isEqualTo(ExitCode.OK.number());
    assertThat(result.out()).contains("  answer: 30m\n").contains("    url: https://code.test\n");
    assertThat(result.err()).startsWith(file + ":2:14: warning: listeners.http: ").hasLineCount(1);
  }

  @Test
  void check_prints_every_problem_and_nothing_else() throws IOException {
    Path file = write("everywhere");
    Files.writeString(file, Files.readString(file) + "polcy: []\n");
    Result result = run("", "check", file.toString());
    assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            file
                + ":2:31: listeners.http.address: \"everywhere\" has no port\n"
                + file
                + ":4:1: polcy: unknown key; did you mean \"policy\"?\n");
  }

  @Test
  void check_of_a_missing_file_prints_one_line() {
    Result result = run("", "check", "/nowhere/packhorse.yaml");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(result.err()).isEqualTo("/nowhere/packhorse.yaml: no such file\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p:w\u00e4 rd", "p:w\u00e4 rd\n", "p:w\u00e4 rd\r\n"})
  void hash_prints_a_hash_of_the_password_without_its_newline(String input) {
    Result result = run(input, "hash");
    assertThat(result.code()).isEqualTo(ExitCode.OK.number());
    assertThat(result.out()).matches("\\S+\\n").startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(PasswordHash.verify(result.out().strip(), "p:w\u00e4 rd")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "two\nlines\n"})
  void hash_rejects_input_that_is_not_a_password(String input) {
    Result result = run(input, "hash");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("packhorse: the password on standard input ")
        .hasLineCount(1);
  }

  @Test
  void token_prints_a_new_token_and_its_hash() {
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

  private static Result run(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    int code =
        Main.commandLine(in, new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(arguments);
    return new Result(code, out.toString(), err.toString());
  }
}
