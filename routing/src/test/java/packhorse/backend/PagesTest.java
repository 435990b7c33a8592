package packhorse.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.RequestFixture;
import packhorse.placement.Backend;
import packhorse.placement.Backend.Page;
import packhorse.placement.RepositoryName;
import packhorse.request.Glob;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;

/// What the kinds of pools read in the path of a page.
final class PagesTest {
  private static final Backend GOGS = Backends.find("gogs").orElseThrow();

  @ParameterizedTest
  @CsvSource({
    "/acme/app, acme/app, false",
    "/Acme/APP/issues/1, acme/app, false",
    "/acme/app.git, acme/app, false",
    "/acme/app.wiki/x, acme/app, false",
    "/acme%2Fapp/raw/master/a, acme/app, true",
    "/acme/app/raw/master/HEAD, acme/app, true",
    "/acme/app/RAW/master/a, acme/app, true",
    "/acme/app/archive/master.zip, acme/app, true",
    "/acme/app/src/master/git-upload-pack, acme/app, false",
    "/acme/app/src/master/info/refs, acme/app, false",
    "/api/v1/repos/acme/app, acme/app, false",
    "/api/v1/repos/acme/app/raw/master/a, acme/app, true",
    "/API/v1/repos/Acme/App/contents/a, acme/app, true",
    "/, '', false",
    "/acme, '', false",
    "/acme/, '', false",
    "/user/login, '', false",
    "/user/settings/ssh, '', false",
    "/explore/repos, '', false",
    "/api/v1/user, '', false",
    "/api/v1/repos/search, '', false",
    "/css/gogs.min.css, '', false",
    "/acme/followers, '', false",
    "/acme/stars, '', false",
    "/acme/action/follow, '', false",
    "/attachments/0123, '', false",
    "/avatars/2, '', false",
    "/attachments/app/src/master/a, attachments/app, false"
  })
  void gogs_names_a_repository_by_the_first_two_segments(
      String path, String repository, boolean showsContents) throws RefusalException {
    Page page = GOGS.pageOf(RequestFixture.page("GET", path), false);
    assertThat(page.repository().map(RepositoryName::main).orElse("")).isEqualTo(repository);
    assertThat(page.showsContents()).isEqualTo(showsContents);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/acme/app/_edit/master/HEAD", "/acme/app/_new/master/git-receive-pack"})
  void gogs_has_forms_for_files_that_are_called_as_gits(String path) throws RefusalException {
    assertThat(GOGS.pageOf(RequestFixture.page("POST", path), false).repository()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /acme/app/SRC/master/git-upload-pack",
    "GET, /acme/app/%73rc/master/info/refs",
    "GET, /acme%2Fapp/src/master/info/refs",
    "GET, /acme/app/x/info/refs",
    "GET, /user/app/src/master/info/refs",
    "POST, /acme/app/src/master/git-receive-pack",
    "POST, /acme/app/raw/git-receive-pack",
    "POST, /acme/app/x/git-receive-pack",
    "PUT, /acme/app/_edit/master/git-receive-pack",
    "POST, /acme/app.git/git-Receive-Pack",
    "POST, /acme/app.git/git-receive-pack/x",
    "POST, /acme/app/git-rece%C4%B0ve-pack"
  })
  void a_path_for_which_git_could_be_served_is_refused(String method, String path) {
    assertRefused(GOGS, Kind.MALFORMED, method, path);
    assertRefused(Backends.PLAIN, Kind.MALFORMED, method, path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/pr%C4%B0vate/raw/master/f",
        "/%E2%84%AAim/app",
        "/api/v1/repos/acme/pr%C4%B0vate/raw/master/f",
        "/acme/a%20b"
      })
  void a_name_that_gogs_could_not_give_to_a_repository_is_refused(String path) {
    assertRefused(GOGS, Kind.MALFORMED, "GET", path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/acme/app/HEAD", "/acme/app.git/objects/info/packs", "/acme/app.git/config"})
  void a_file_of_a_repository_is_no_page(String path) {
    assertRefused(GOGS, Kind.NOT_SERVED, "GET", path);
    assertRefused(Backends.PLAIN, Kind.NOT_SERVED, "GET", path);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /HEAD, true",
    "GET, /objects/info/packs, true",
    "GET, /acme/app.git/refs/heads/main, true",
    "GET, /acme/app.git/%48EAD, true",
    "HEAD, /acme/app.git/config, true",
    "POST, /acme/app.git/config, false",
    "GET, /acme/app/refs/x/HEAD, false",
    "GET, /acme/app/info/refs, false",
    "GET, /acme/app.git/git-upload-pack, false"
  })
  void with_dumb_http_every_file_is_served_that_cannot_be_anothers(
      String method, String path, boolean served) throws RefusalException {
    if (!served) {
      assertThatThrownBy(() -> Backends.PLAIN.pageOf(RequestFixture.page(method, path), true))
          .isInstanceOf(RefusalException.class);
      return;
    }
    Page page = Backends.PLAIN.pageOf(RequestFixture.page(method, path), true);
    assertThat(page.repository().orElseThrow().isLeading()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/debug",
        "/debug/pprof/heap",
        "/DEBUG/pprof",
        "/%64ebug/",
        "/debug;x=y/pprof",
        "/%2564ebug",
        "/urlmap.json",
        "/-/metrics",
        "/-%2fmetrics",
        "/-/metr%C4%B0cs",
        "/debug/pprof/heap%E2%80%A8",
        "/metrics",
        "/healthcheck",
        "/install"
      })
  void what_only_an_operator_may_see_is_closed_in_every_spelling(String path) {
    assertRefused(GOGS, Kind.NOT_SERVED, "GET", path);
    assertRefused(Backends.PLAIN, Kind.NOT_SERVED, "GET", path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/internal/x", "/api/v4/internal/allowed", "/-/readiness"})
  void closed_paths_of_other_software_are_closed_where_the_software_is_unknown(String path) {
    assertRefused(Backends.PLAIN, Kind.NOT_SERVED, "POST", path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/app/tasks/trigger",
        "/Acme/App/TASKS/%74rigger",
        "/acme/app//tasks/trigger/",
        "/acme%2fapp/tasks/trigger"
      })
  void a_call_of_a_hook_is_refused_and_names_the_setting(String path) {
    assertRefused(Backends.PLAIN, Kind.NODE_SETTING, "GET", path);
    assertThatThrownBy(() -> GOGS.pageOf(RequestFixture.page("GET", path), false))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.refusal().kind()).isEqualTo(Kind.NODE_SETTING);
              assertThat(e.refusal().detail()).contains("LOCAL_ROOT_URL");
              assertThat(e.refusal().message()).doesNotContain("LOCAL_ROOT_URL");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "/acme/app/tree/main, acme/app, true",
    "/acme/app.git/tree, acme/app, true",
    "/acme/app.wiki.git, acme/app, true",
    "/acme/app/tree/main, acme/*, true",
    "/acme/app/tree/main, acme/**, true",
    "/acme/app/tree/main, acme/app/tree, true",
    "/acme%2Fapp/tree, acme/app, true",
    "/acme//app, acme/app, true",
    "/acme/apple, acme/app, false",
    "/acme, acme/app, false",
    "/x/acme/app, acme/app, false"
  })
  void any_leading_part_may_be_the_repository_where_the_software_is_unknown(
      String path, String pattern, boolean matches) throws RefusalException {
    Optional<RepositoryName> name =
        Backends.PLAIN.pageOf(RequestFixture.page("GET", path), false).repository();
    assertThat(name.orElseThrow().isMatchedBy(new Glob(pattern))).isEqualTo(matches);
  }

  private static void assertRefused(Backend backend, Kind kind, String method, String path) {
    assertThatThrownBy(() -> backend.pageOf(RequestFixture.page(method, path), false))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.refusal().kind()).isEqualTo(kind));
  }
}
