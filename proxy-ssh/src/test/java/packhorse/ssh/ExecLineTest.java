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
import packhorse.request.Refused;
import packhorse.wire.Service;

/// Threat S6: whatever stands in an exec line, it is one of git's services on one clean path, or
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
  private static final Pattern CLEAN =
      Pattern.compile("[^\\x00-\\x1f\\x7f\\\\'\"`$;|&*?<>(){}\\[\\]!#%^]+");

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
  void git_writes_these(String line, Service service, String name) throws Refused {
    ExecLine read = parse(line);
    assertThat(read.service()).isEqualTo(service);
    assertThat(read.repository().name()).isEqualTo(name);
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
  void a_line_that_is_no_single_path_is_malformed(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED));
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
        "git-lfs-transfer 'a' upload",
        "rsync --server",
        "git-upload-pack\t'a'",
        "git git-upload-pack 'a'",
        " git-upload-pack 'a'",
      })
  void another_program_is_not_served(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOfSatisfying(
            Refused.class,
            no -> assertThat(no.refusal().kind()).isEqualTo(Refusal.Kind.NOT_SERVED));
  }

  @Test
  void bytes_that_are_no_text_are_malformed() {
    byte[] line = "git-upload-pack 'a'".getBytes(StandardCharsets.US_ASCII);
    line[17] = (byte) 0xff;
    assertThatThrownBy(() -> ExecLine.parse(line)).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> ExecLine.parse(new byte[1 << 20])).isInstanceOf(Refused.class);
  }

  @Tag("counted")
  @Test
  void generated_lines_are_refused_or_clean() {
    long seed = Long.getLong("packhorse.seed", 1);
    Random random = new Random(seed);
    int count = Boolean.getBoolean("packhorse.thorough") ? 200_000 : 300;
    for (int i = 0; i < count; i++) {
      var line = new StringBuilder(random.nextBoolean() ? "git-upload-pack '" : "");
      for (int n = random.nextInt(8); n >= 0; n--)
        line.append(PIECES[random.nextInt(PIECES.length)]);
      try {
        String name = parse(line.toString()).repository().spelt();
        assertThat(name).as("seed %d: %s", seed, line).matches(CLEAN);
        assertThat("/" + name + "/")
            .as("seed %d: %s", seed, line)
            .doesNotContain("/../", "/-", "//");
      } catch (Refused refused) {
        assertThat(refused.refusal().sentence())
            .as("seed %d", seed)
            .doesNotContainPattern("\\p{Cc}");
      }
    }
  }

  private static ExecLine parse(String line) throws Refused {
    return ExecLine.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
