package packhorse.it.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Checks the style of all source files: sizes, names, imports, clocks.
final class StyleTest {
  private static final int FILE_LINES = 400;
  private static final int PACKAGE_FILES = 26;
  // Concatenated so that this file is not a violation itself.
  private static final Pattern TAGS =
      Pattern.compile("@au" + "thor|\\bTO" + "DO\\b|\\bFIX" + "ME\\b");

  private static final Pattern COUNTS =
      Pattern.compile("\\b(TestProfile|Seeds|SeededRandom)[.#]\\w|packhorse\\.thorough\"");
  private static final Pattern TEST = Pattern.compile("(?m)^ +@(Test|ParameterizedTest)\\b");

  private final List<SourceFile> sources = SourceFile.all();

  StyleTest() throws IOException {}

  @Test
  void sources_of_all_modules_are_checked() {
    assertThat(sources).hasSizeGreaterThan(200);
    assertThat(sources).filteredOn(SourceFile::isTest).hasSizeGreaterThan(30);
  }

  @Test
  void files_have_at_most_four_hundred_lines() throws IOException {
    List<String> violations = new ArrayList<>();
    for (SourceFile source : sources) {
      long lines = source.text().lines().count();
      if (lines > FILE_LINES) violations.add(source.path() + " has " + lines + " lines");
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void packages_have_at_most_twenty_six_files() {
    Map<String, Long> files =
        sources.stream()
            .filter(source -> !source.isTest())
            .collect(
                Collectors.groupingBy(
                    source -> String.valueOf(source.path().getParent()), Collectors.counting()));
    assertThat(files).hasSizeGreaterThan(20);
    assertThat(files)
        .allSatisfy((path, count) -> assertThat(count).as(path).isLessThanOrEqualTo(PACKAGE_FILES));
  }

  @Test
  void simple_names_of_top_level_types_are_unique() {
    Map<String, Long> names =
        sources.stream()
            .filter(source -> !source.isTest())
            .map(source -> String.valueOf(source.path().getFileName()))
            .filter(name -> !name.equals("package-info.java"))
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    assertThat(names).hasSizeGreaterThan(200);
    assertThat(names).allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
  }

  @Test
  void sources_have_no_author_tags_and_no_open_tasks() throws IOException {
    List<String> violations = new ArrayList<>();
    for (SourceFile source : sources) {
      TAGS.matcher(source.text())
          .results()
          .forEach(tag -> violations.add(source.path() + " contains " + tag.group()));
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void tests_that_the_thorough_profile_enlarges_are_tagged() throws IOException {
    List<String> violations = new ArrayList<>();
    List<String> taggedFiles = new ArrayList<>();
    for (SourceFile source : sources) {
      String text = source.text();
      if (!TEST.matcher(text).find() || !COUNTS.matcher(text).find()) continue;
      (text.contains("@Tag(\"counted\")") ? taggedFiles : violations).add(source.path().toString());
    }
    assertThat(violations).isEmpty();
    assertThat(taggedFiles).hasSizeGreaterThan(20);
  }

  @Test
  void sources_follow_the_style() {
    assertThat(sources.stream().flatMap(source -> StyleChecker.check(source).stream()).toList())
        .isEmpty();
  }

  @Test
  void violations_of_the_style_are_found() throws IOException {
    // A check that finds nothing might not look at anything.
    assertThat(StyleViolationSample.check()).hasSize(9);
  }
}
