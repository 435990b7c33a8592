package packhorse.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Matching of the patterns in placement and policy rules.
final class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "**, acme/app",
    "**, app",
    "acme/*, acme/app",
    "acme/**, acme/app",
    "acme/**, acme/x/y/z",
    "**/app, app",
    "**/app, acme/app",
    "**/app, a/b/c/app",
    "a/**/z, a/z",
    "a/**/z, a/b/c/z",
    "**/x/**, a/x/b",
    "**/x/**/y, x/y",
    "*-lib/app, core-lib/app",
    "a*b*c, aXXbYYc",
    "refs/heads/release-*, refs/heads/release-1.2",
    "refs/heads/**, refs/heads/a/b",
    "a.b, a.b",
    "a+b/(c), a+b/(c)"
  })
  void matches(String glob, String name) {
    assertThat(new Glob(glob).matches(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "acme/*, acme/x/y",
    "acme/*, acme",
    "acme/**, acme",
    "acme/**, acme2/app",
    "*, acme/app",
    "**/app, acme/myapp",
    "a.b, axb",
    "acme/app, acme/App",
    "refs/heads/main, refs/heads/main2",
    "refs/heads/main, refs/heads/MAIN",
    "a/**/z, a/bz"
  })
  void does_not_match(String glob, String name) {
    assertThat(new Glob(glob).matches(name)).isFalse();
  }

  @Test
  void matching_an_adversarial_name_is_fast() {
    String ref = "refs/heads/" + "-".repeat(60_000) + "/" + "a/".repeat(2_000) + "b";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThat(new Glob("refs/heads/*-*-*-*-*x/**/*a*/**/c").matches(ref)).isFalse();
          assertThat(new Glob("**/a/**/a/**/a/**/c").matches(ref)).isFalse();
        });
  }
}
