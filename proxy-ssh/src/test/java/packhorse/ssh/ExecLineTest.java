package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;

/// Threat S6: every command line either names one of git's services and one clean path, or is
/// refused.
final class ExecLineTest {
  private static final String[] PIECES = {
    "git-upload-pack",
    "git-receive-pack",
    "git-upload-archive",
    "git ",
    " ",
    "'",
    "'",
    "\\'",
    "\\!",
    "\"",
    "/",
    "acme",
    "app.git",
    "..",
    "./",
    "~",
    "-",
    "--upload-pack=x",
    ";id",
    "$(id)",
    "`id`",
    "\n",
    "\t",
    "\r",
    "\0",
    "|",
    "&",
    "*",
    "{a,b}",
    "é",
    "\u202e",
    "%2e",
    "\\",
    "#",
    "!",
    "=",
    "+",
    "@",
    "upload-pack"
  };
  private static final Pattern CLEAN = Pattern.compile("[^\\x00-\\x1f\\x7f\\\\\"`$;|*?<>%]+");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "git-upload-pack 'acme/app.git',UPLOAD_PACK,acme/app",
        "git-upload-pack '/acme/app.git',UPLOAD_PACK,acme/app",
        "git-upload-pack '/acme/app/',UPLOAD_PACK,acme/app",
        "git upload-pack '/acme/app.git/',UPLOAD_PACK,acme/app",
        "git-receive-pack 'acme/app',RECEIVE_PACK,acme/app",
        "git receive-pack 'acme/app',RECEIVE_PACK,acme/app",
        "git-upload-archive 'acme/app',UPLOAD_ARCHIVE,acme/app",
        "git upload-archive 'acme/app',UPLOAD_ARCHIVE,acme/app",
        "git-upload-pack acme/app.git,UPLOAD_PACK,acme/app",
        "git-upload-pack 'g++',UPLOAD_PACK,g++",
        "git-upload-pack '~al/x.git',UPLOAD_PACK,~al/x",
        "git-upload-pack 'with space.git',UPLOAD_PACK,with space",
        "git-upload-pack '.github.git',UPLOAD_PACK,.github",
      })
  void command_lines_of_git_are_parsed(String line, GitService service, String name)
      throws RefusalException {
    ExecLine command = parse(line);
    assertThat(command.service()).isEqualTo(service);
    assertThat(command.repository().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git-upload-pack 'a/b';id",
        "git-upload-pack '$(id)'",
        "git-upload-pack $(id)",
        "git-upload-pack `id`",
        "git-upload-pack 'a'\n",
        "git-upload-pack 'a\nb'",
        "git-upload-pack 'a\0b'",
        "git-upload-pack \"a/b\"",
        "git-upload-pack 'a'\"'b'",
        "git-upload-pack --upload-pack=id 'a'",
        "git-upload-pack --strict",
        "git-upload-pack '--strict'",
        "git-upload-pack a b",
        "git-upload-pack 'a' 'b'",
        "git-upload-pack ~user",
        "git-upload-pack '/../../etc'",
        "git-upload-pack 'a/../b'",
        "git-upload-pack ''",
        "git-upload-pack",
        "git-upload-pack ",
        "git-upload-pack  'a'",
        "git-upload-pack 'a",
        "git-upload-pack a'",
        "git-upload-pack '//a'",
        "git-upload-pack 'a//b'",
        "git-upload-pack 'a.git.git'",
        "git-upload-pack '\u202ea'",
      })
  void a_command_line_without_exactly_one_path_is_malformed(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ls",
        "id;",
        "sh -c id",
        "git",
        "git ",
        "git  upload-pack 'a'",
        "git status",
        "scp -t /",
        "GIT-UPLOAD-PACK 'a'",
        "git-Upload-Pack 'a'",
        "git-upload-packx 'a'",
        "/usr/bin/git-upload-pack 'a'",
        "git-shell",
        "git-lfs-authenticate a upload",
        "git-lfs-authenticate a delete",
        "git-lfs-authenticate 'a'",
        "git-lfs-transfer 'a' upload",
        "rsync --server",
        "git-upload-pack\t'a'",
        "git git-upload-pack 'a'",
        " git-upload-pack 'a'",
      })
  void another_program_is_not_served(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.NOT_SERVED));
  }

  @Test
  void a_command_line_that_is_not_utf_8_or_too_long_is_malformed() {
    byte[] line = "git-upload-pack 'a'".getBytes(StandardCharsets.US_ASCII);
    line[17] = (byte) 0xff;
    assertThatThrownBy(() -> ExecLine.parse(line)).isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> ExecLine.parse(new byte[1 << 20]))
        .isInstanceOf(RefusalException.class);
  }

  @Tag("counted")
  @Test
  void generated_command_lines_are_refused_or_have_a_clean_path() {
    long seed = Long.getLong("packhorse.seed", 1);
    Random random = new Random(seed);
    int count = Boolean.getBoolean("packhorse.thorough") ? 200_000 : 300;
    for (int i = 0; i < count; i++) {
      var line = new StringBuilder(random.nextBoolean() ? "git-upload-pack '" : "");
      for (int n = random.nextInt(8); n >= 0; n--)
        line.append(PIECES[random.nextInt(PIECES.length)]);
      try {
        String name = parse(line.toString()).repository().requestedPath();
        assertThat(name).as("seed %d: %s", seed, line).matches(CLEAN);
        assertThat("/" + name + "/")
            .as("seed %d: %s", seed, line)
            .doesNotContain("/../", "/-", "//");
      } catch (RefusalException e) {
        assertThat(e.refusal().message()).as("seed %d", seed).doesNotContainPattern("\\p{Cc}");
      }
    }
  }

  private static ExecLine parse(String line) throws RefusalException {
    return ExecLine.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
