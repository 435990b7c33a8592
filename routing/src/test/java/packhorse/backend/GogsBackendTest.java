package packhorse.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.placement.Backend;
import packhorse.request.Glob;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;

final class GogsBackendTest {
  private static final Backend GOGS = Backends.find("gogs").orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "acme/app, acme/app, acme/app",
    "Acme/App.git, acme/app, acme/app",
    "/ACME/app/, acme/app, acme/app",
    "acme/App.wiki.git, acme/app.wiki, acme/app"
  })
  void a_repository_has_one_name_whatever_the_case(String path, String name, String main)
      throws RefusalException {
    var named = GOGS.nameOf(RepositoryPath.parse(path));
    assertThat(named.name()).isEqualTo(name);
    assertThat(named.main()).isEqualTo(main);
  }

  @ParameterizedTest
  @CsvSource({
    "acme/app, Acme/*, true",
    "Acme/App.wiki, acme/app, true",
    "acme/app, ACME/APP, true",
    "acme/apps, acme/app, false"
  })
  void patterns_of_rules_ignore_the_case_too(String path, String pattern, boolean matches)
      throws RefusalException {
    var named = GOGS.nameOf(RepositoryPath.parse(path));
    assertThat(named.isMatchedBy(new Glob(pattern))).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"acme/app (1)", "äcme/app", "acme/app+x", "acme/app.Wiki", "acme/app.WIKI"})
  void a_path_that_no_repository_can_have_is_refused(String path) throws RefusalException {
    assertThat(GOGS.problemOf(RepositoryPath.parse(path))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme/app", "Acme/App.wiki", "a-b/c_d.e.git", "acme/.hidden"})
  void other_paths_are_not_refused(String path) throws RefusalException {
    assertThat(GOGS.problemOf(RepositoryPath.parse(path))).isEmpty();
  }

  @Test
  void healthy_is_what_the_text_of_the_health_check_says() {
    String path = GOGS.probePath();
    assertThat(GOGS.problemOfProbe(path, 200, "* Database connection: OK\n")).isEmpty();
    assertThat(GOGS.problemOfProbe(path, 200, "* Database connection: gone\nmore"))
        .contains("responds \"* Database connection: gone\"");
    assertThat(GOGS.problemOfProbe(path, 200, "<html>")).isPresent();
    assertThat(GOGS.problemOfProbe(path, 404, "* Database connection: OK\n"))
        .contains("status 404");
    assertThat(GOGS.problemOfProbe("/own", 404, "no")).isEmpty();
  }

  @Test
  void a_cookie_is_not_for_git() {
    assertThat(GOGS.withholdsFromGit("set-cookie")).isTrue();
    assertThat(GOGS.withholdsFromGit("Content-Type")).isFalse();
  }

  @Test
  void shared_storage_is_the_only_one() {
    assertThat(GOGS.objectionTo(Backend.Option.REPLICATED_STORAGE)).isPresent();
    assertThat(GOGS.objectionTo(Backend.Option.SEPARATE_STORAGE)).isPresent();
  }
}
