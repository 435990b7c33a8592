package packhorse.it.design;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// How large things may grow, and which words are not ours.
final class SourcesTest {
  private static final int FILE_LINES = 400;
  // put together so that this file is none of its own findings
  private static final Pattern TAGS =
      Pattern.compile("@au" + "thor|\\bTO" + "DO\\b|\\bFIX" + "ME\\b");

  private static final Pattern COUNTS =
      Pattern.compile("\\b(Sizes|Seeds|Dice)[.#]\\w|packhorse\\.thorough\"");
  private static final Pattern TEST = Pattern.compile("(?m)^ +@(Test|ParameterizedTest)\\b");

  private final List<Source> sources = Source.all();

  SourcesTest() throws IOException {}

  @Test
  void every_module_was_looked_at() {
    assertThat(sources).hasSizeGreaterThan(200);
    assertThat(sources).filteredOn(Source::test).hasSizeGreaterThan(30);
  }

  @Test
  void files_fit_into_four_hundred_lines() throws IOException {
    List<String> found = new ArrayList<>();
    for (Source source : sources) {
      long lines = source.text().lines().count();
      if (lines > FILE_LINES) found.add(source.path() + " has " + lines + " lines");
    }
    assertThat(found).isEmpty();
  }

  @Test
  void nobody_signs_or_postpones() throws IOException {
    List<String> found = new ArrayList<>();
    for (Source source : sources) {
      TAGS.matcher(source.text())
          .results()
          .forEach(tag -> found.add(source.path() + " says " + tag.group()));
    }
    assertThat(found).isEmpty();
  }

  @Test
  void what_the_thorough_profile_makes_larger_is_tagged() throws IOException {
    List<String> found = new ArrayList<>();
    List<String> tagged = new ArrayList<>();
    for (Source source : sources) {
      String text = source.text();
      if (!TEST.matcher(text).find() || !COUNTS.matcher(text).find()) continue;
      (text.contains("@Tag(\"counted\")") ? tagged : found).add(source.path().toString());
    }
    assertThat(found).isEmpty();
    assertThat(tagged).hasSizeGreaterThan(20);
  }

  @Test
  void methods_parameters_imports_names_sleeps_and_clocks_are_as_the_style_says() {
    assertThat(sources.stream().flatMap(source -> Findings.in(source).stream()).toList()).isEmpty();
  }

  @Test
  void what_the_style_forbids_is_found() throws IOException {
    // a rule that finds nothing could be one that looks at nothing
    assertThat(Samples.findings()).hasSize(9);
  }
}
