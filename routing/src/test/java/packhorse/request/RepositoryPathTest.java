package packhorse.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.RequestFixture;
import packhorse.kit.Seeds;

/// Parsing of repository paths: the attacks P1 to P5, P7 and P8 of docs/threats.md, and unusual
/// names that are in real use.
final class RepositoryPathTest {
  private static final int GENERATED_PATHS =
      Boolean.getBoolean("packhorse.thorough") ? 20_000 : 300;

  @ParameterizedTest
  @CsvSource({
    "acme/app, acme/app",
    "/acme/app, acme/app",
    "acme/app/, acme/app",
    "/acme/app.git, acme/app",
    "acme/app.git/, acme/app",
    "acme/app/.git, acme/app",
    "app, app",
    "a/b/c/d.git, a/b/c/d",
    "acme/app.wiki.git, acme/app.wiki",
    "Acme/App.git, Acme/App",
    "acme/.git-hooks, acme/.git-hooks",
    "acme/.wiki, acme/.wiki",
    "acme/worktrees.git, acme/worktrees",
    "gruppe/bücher.git, gruppe/bücher",
    "日本/語, 日本/語"
  })
  void every_spelling_of_a_repository_has_the_same_name(String path, String name) {
    assertThat(RequestFixture.path(path).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "g++.git, g++",
    "+source/q.git, +source/q",
    "~al/x.git, ~al/x",
    "with space.git, with space",
    "at/11:52:15.git, at/11:52:15",
    "R&D/c#.git, R&D/c#",
    "app(1)/it's.git, app(1)/it's",
    "a!b/x[1].git, a!b/x[1]",
    "{a}/^b@c=d.git, {a}/^b@c=d",
    ".github.git, .github"
  })
  void unusual_names_are_accepted_and_kept_unchanged(String path, String name) {
    RepositoryPath parsed = RequestFixture.path(path);
    assertThat(parsed.name()).isEqualTo(name);
    assertThat(parsed.requestedPath()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // P1: dot segments
        "pub/x.git/../../priv/y.git",
        "..",
        "../x",
        "a/../b",
        "a/./b",
        ".",
        "a/..",
        "..\\a",
        // P2: encoded; a front has decoded the path already, so what is still encoded is refused
        "a%2Fb.git",
        "a%252Fb",
        "a/b%00",
        "a\\b",
        "a%5cb",
        // P3: path parameters and queries
        "a/b.git;x=1",
        "a/b;.git",
        "a?b",
        // P4: empty segments; blanks and dots at the ends of segments
        "",
        "/",
        "//a/b.git",
        "a//b.git",
        "a/b.git//",
        "a/b.git./",
        "a/b.git ",
        "a/ b.git",
        "a /b",
        // P5: suffixes, and linked working trees
        "a/b.git.git",
        "a/b.GIT",
        "a/b.Git/",
        ".git",
        "/.git",
        ".GIT",
        "a/b.git/.git",
        "a/b/worktrees/c",
        "a/Worktrees/c.git",
        "a/b.git.wiki",
        "a/b.wiki.wiki",
        "a/b.wiki.wiki.git",
        "a/..git",
        "a/...git",
        "a/b..git",
        "a/b .git",
        "a/..wiki",
        "a/...wiki.git",
        "a/b .wiki",
        // paths inside a repository
        "a/b.git/worktrees/x",
        "a/b/.git/modules/c",
        "a/b.git/c.git",
        "a/.GIT/x",
        // P8: leading dashes, control characters, characters of shells and file systems
        "-u/x",
        "a/-x",
        "--upload-pack=touch x",
        "a/b\u0000",
        "a\nb",
        "a\tb",
        "a\u007fb",
        "a/$(id)",
        "a/$x",
        "a/`id`",
        "a|b",
        "a<b",
        "a*b",
        "a\"b",
        "a:b",
        "a1:b",
        "a:1",
        "a1::2"
      })
  void a_path_that_two_programs_could_interpret_differently_is_refused(String path) {
    assertRefused(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // P7: Unicode
        "a/e\u0301.git", // decomposed (NFD)
        "a／b", // full-width slash
        "a/\u202eb", // right-to-left override
        "a/\u200bb", // zero-width space
        "a/\ufeffb", // byte order mark
        "a/\ud800b", // half a surrogate pair
        "a/ﬁle", // ligature
        "a/\u212aelvin", // Kelvin sign
        "a/\u00a0b", // no-break space
        "a/\u2028b", // line separator
        "a/\ue000b" // private use
      })
  void look_alikes_and_invisible_characters_are_refused(String path) {
    assertRefused(path);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "a/b;c, ';' is not allowed",
        "a/b%c, '%' is not allowed",
        "a:b, ':' is not allowed",
        "a/\u0007b, U+0007 is not allowed",
        "a/\u200bb, U+200B is not allowed",
        "a/\u00a0b, U+00A0 is not allowed",
        "a/\ud83d\ude00, '\ud83d\ude00' (U+1F600) is not allowed",
        "a/\ufb01le, '\ufb01' (U+FB01) is not in Unicode normalization form KC",
        "a/e\u0301, U+0301 is not in Unicode normalization form KC"
      })
  void the_refusal_names_the_character(String path, String reason) {
    assertThatThrownBy(() -> RepositoryPath.parse(path))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.refusal().message()).contains(reason));
  }

  @Test
  void the_git_suffix_is_recognised_in_every_default_locale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.of("tr", "TR"));
    try {
      assertRefused("a/b.GIT");
      assertThat(RequestFixture.path("a/TITLE.git").name()).isEqualTo("a/TITLE");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void length_and_number_of_segments_are_limited() {
    assertThat(RequestFixture.path("a".repeat(1024)).name()).hasSize(1024);
    assertRefused("a".repeat(1025));
    assertThat(RequestFixture.path("a/".repeat(31) + "a").name()).hasSize(63);
    assertRefused("a/".repeat(32) + "a");
  }

  @Test
  void a_wiki_has_the_rights_of_its_repository() {
    RepositoryPath wiki = RequestFixture.path("acme/app.wiki.git");
    assertThat(wiki.isWiki()).isTrue();
    assertThat(wiki.mainRepository()).isEqualTo("acme/app");
    assertThat(RequestFixture.path("acme/app").mainRepository()).isEqualTo("acme/app");
    assertThat(RequestFixture.path("acme/.wiki").isWiki()).isFalse();
  }

  @Test
  void the_message_of_a_refusal_contains_no_control_character() {
    assertThatThrownBy(() -> RepositoryPath.parse("a\u001b[31m\r\n/../b"))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.refusal().message()).matches("\\P{Cntrl}*").contains("?[31m"));
  }

  @Tag("counted")
  @Tag("generated")
  @Test
  void generated_paths_are_refused_or_canonical_and_each_repository_has_one_name() {
    for (long seed : Seeds.of(RepositoryPathTest.class)) checkGeneratedPaths(seed);
  }

  private static void checkGeneratedPaths(long seed) {
    Random random = new Random(seed);
    Map<String, String> namesByPathOnDisk = new HashMap<>();
    int accepted = 0;
    for (int i = 0; i < GENERATED_PATHS; i++) {
      String path = generate(random);
      RepositoryPath parsed;
      try {
        parsed = RepositoryPath.parse(path);
      } catch (RefusalException e) {
        assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED);
        continue;
      }
      accepted++;
      assertCanonical(parsed.name(), "seed " + seed + ": " + path);
      String earlier = namesByPathOnDisk.putIfAbsent(pathOnDisk(path), parsed.name());
      assertThat(earlier == null || earlier.equals(parsed.name()))
          .as("seed %s: %s", seed, path)
          .isTrue();
    }
    assertThat(accepted).as("seed %s", seed).isGreaterThan(GENERATED_PATHS / 50);
  }

  private static void assertCanonical(String name, String description) {
    assertThat(name).as(description).doesNotContain("//", "\\", "%", ";").doesNotStartWith("/");
    assertThat(name).as(description).doesNotEndWith("/").isNotEmpty();
    assertThat(name.toLowerCase(Locale.ROOT)).as(description).doesNotEndWith(".git");
    assertThat(name.split("/", -1)).as(description).doesNotContain(".", "..", "", ".git");
    assertThat(RequestFixture.path(name).name()).as(description).isEqualTo(name);
    assertThat(RequestFixture.path(name + ".git").name()).as(description).isEqualTo(name);
  }

  // The path that git's enter_repo would open, with dots and repeated slashes resolved as a file
  // system resolves them.
  private static String pathOnDisk(String path) {
    ArrayDeque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) parts.pollLast();
      else if (!part.isEmpty() && !part.equals(".")) parts.addLast(part);
    }
    if (parts.size() > 1 && parts.peekLast().equals(".git")) parts.removeLast();
    return String.join("/", parts).replaceFirst("\\.git$", "");
  }

  private static String generate(Random random) {
    List<String> pieces =
        List.of(
            "a",
            "b",
            "acme",
            "app",
            ".git",
            ".git",
            ".wiki",
            "/",
            "/",
            "/",
            ".",
            "..",
            "%2e",
            "%2F",
            ";",
            "\\",
            "-",
            " ",
            "~",
            "+",
            "\u00e9",
            "e\u0301",
            "\uff0f",
            "\u0130",
            "\u0000",
            "A",
            ".GIT",
            "worktrees",
            "\u202e",
            "?",
            "#",
            "@",
            ",",
            "=");
    StringBuilder path = new StringBuilder();
    int length = 1 + random.nextInt(8);
    for (int i = 0; i < length; i++) {
      // Mostly the first ten pieces, because otherwise nearly every path would be refused.
      int bound = random.nextInt(3) == 0 ? pieces.size() : 10;
      path.append(pieces.get(random.nextInt(bound)));
    }
    return path.toString();
  }

  private static void assertRefused(String path) {
    assertThatThrownBy(() -> RepositoryPath.parse(path))
        .as(path)
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED));
  }
}
