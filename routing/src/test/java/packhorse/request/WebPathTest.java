package packhorse.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/acme/app, /acme/app",
    "/acme//app/, /acme/app/",
    "/acme%2Fapp, /acme/app",
    "/acme%252Fapp, /acme/app",
    "/acme%5capp, /acme/app",
    "/acme/app;jsessionid=1/issues, /acme/app/issues",
    "/caf%C3%A9, /café",
    "/100%, /100%",
    "/%zz, /%zz",
    "/a+b/~c/@d/|e, /a+b/~c/@d/|e",
    "/.git/config, /.git/config",
    "/.../x, /.../x"
  })
  void a_path_is_kept_as_it_is_and_judged_by_its_decoded_form(String raw, String decoded)
      throws RefusalException {
    assertThat(WebPath.parse(raw).raw()).isEqualTo(raw);
    assertThat(WebPath.parse(raw).decoded()).isEqualTo(decoded);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "acme",
        "http://other.test/acme",
        "//x/acme/app",
        "//x:99/-/metrics",
        "//a@b/install",
        "/a b",
        "/a\tb",
        "/a\u0000b",
        "/a\u007fb",
        "/é",
        "/a\\b",
        "/a#b",
        "/.",
        "/..",
        "/a/../b",
        "/a/./b",
        "/a/%2e%2e/b",
        "/a/.%2E/b",
        "/a/%252e%252e/b",
        "/a/..;x=1/b",
        "/a/..%2fb",
        "/a/..%5cb",
        "/a%5c..%5cb",
        "/a%00b",
        "/a%0d%0aX:%20y",
        "/a%250d",
        "/%25252525252541"
      })
  void a_path_that_could_lead_elsewhere_is_malformed(String raw) {
    assertThatThrownBy(() -> WebPath.parse(raw))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/app.git/git-upload-pack",
        "/acme/app.git/GIT-Receive-Pack",
        "/acme/app.git/git-rece%C4%B0ve-pack",
        "/acme/app.git/g%C4%B0t-upload-pac%E2%84%AA",
        "/acme/app.git/git%2Dreceive%2Dpack",
        "/acme/app.git/git%252Dreceive-pack",
        "/acme/app.git%2fgit-receive-pack",
        "/acme/app.git//git-receive-pack",
        "/acme/app.git/git-receive-pack;x=y",
        "/acme/app.git/git-receive-pack/",
        "/acme/app.git/Info/Refs",
        "/acme/app.git/info//refs",
        "/acme/app.git/info%5crefs",
        "/acme/app.git/info/lfs/objects/batch",
        "/acme/app.git/HEAD",
        "/acme/app.git/%48EAD",
        "/acme/app.git/objects/info/packs",
        "/acme/app.git/objects/pack/pack-1.pack",
        "/acme/app.git/objects/ab/cdef01",
        "/acme/app.git/config",
        "/acme/app.git/refs/heads/main",
        "/acme/app.git/hooks/",
        "/acme/app/.git/packed-refs"
      })
  void a_name_of_git_is_found_in_every_spelling(String raw) throws RefusalException {
    assertThat(WebPath.parse(raw).namesGit()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/app",
        "/acme/head",
        "/acme/app/objects",
        "/git",
        "/info/ref",
        "/acme/app.git/tree",
        "/acme/app/config"
      })
  void other_paths_do_not_name_git(String raw) throws RefusalException {
    assertThat(WebPath.parse(raw).namesGit()).isFalse();
  }
}
