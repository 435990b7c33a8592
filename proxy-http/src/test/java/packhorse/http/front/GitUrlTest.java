package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.request.GitRequest.Step;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.request.WebRequest.RepositoryFile;
import packhorse.wire.GitService;

final class GitUrlTest {
  private static final Optional<String> FETCH = Optional.of("service=git-upload-pack");

  @ParameterizedTest
  @CsvSource({
    "/acme/app.git/info/refs, acme/app",
    "/acme/app/info/refs, acme/app",
    "/acme/g++.git/info/refs, acme/g++",
    "/acme/with%20space.git/info/refs, acme/with space",
    "/~al/x.git/info/refs, ~al/x",
    "/%7eal/x.git/info/refs, ~al/x",
    "/acme/.github.git/info/refs, acme/.github",
    "/acme/app.wiki.git/info/refs, acme/app.wiki",
    "/acme/caf%C3%A9.git/info/refs, acme/café",
    "/a/b/c/d.git/info/refs, a/b/c/d"
  })
  void the_repository_name_is_the_decoded_path_before_the_service(String path, String name)
      throws RefusalException {
    assertThat(GitUrl.read("GET", path, FETCH))
        .asInstanceOf(InstanceOfAssertFactories.type(RequestTarget.ServiceTarget.class))
        .returns(name, git -> git.repository().name())
        .returns(GitService.UPLOAD_PACK, RequestTarget.ServiceTarget::service)
        .returns(Step.ADVERTISEMENT, RequestTarget.ServiceTarget::step);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pub/x.git/../../priv/y.git/info/refs",
        "/pub/x.git/%2e%2e/%2e%2e/priv/y.git/info/refs",
        "/pub/.%2e/y.git/info/refs",
        "/pub/..;a=b/y.git/info/refs",
        "/pub/..\\y.git/info/refs",
        "/pub/..%5cy.git/info/refs",
        "/./y.git/info/refs",
        "/a%2Fb.git/info/refs",
        "/a%2fb.git/info/refs",
        "/a%252Fb.git/info/refs",
        "/a/b.git%2Finfo%2Frefs",
        "/a/b.git;x=1/info/refs",
        "/a/b;.git/info/refs",
        "/a/b%3Bx.git/info/refs",
        "//a/b.git/info/refs",
        "/a//b.git/info/refs",
        "/a/b.git//info/refs",
        "/a/b.git./info/refs",
        "/a/b.git%20/info/refs",
        "/a/%20b.git/info/refs",
        "/a/b.git.git/info/refs",
        "/a/b%00.git/info/refs",
        "/a/b%0a.git/info/refs",
        "/a/b%.git/info/refs",
        "/a/b%4.git/info/refs",
        "/a/b%zz.git/info/refs",
        "/a/%62.git/info/refs",
        "/a/b%2Egit/info/refs",
        "/a/b%c0%af.git/info/refs",
        "/a/%ff.git/info/refs",
        "/a/%EF%BC%8F.git/info/refs",
        "/a/e%CC%81.git/info/refs",
        "/a/%E2%80%AEb.git/info/refs",
        "/a/-b.git/info/refs",
        "/-u/x.git/info/refs",
        "/a/b|c.git/info/refs",
        "a/b.git/info/refs",
        "*",
        ""
      })
  void a_path_that_two_programs_could_read_differently_is_malformed(String path) {
    assertRefused(Kind.MALFORMED, "GET", path, FETCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "service=git-upload-pack&service=git-receive-pack",
        "service=git-receive-pack%00",
        "service=git-Receive-Pack",
        "service=git-receive-pack ",
        "service=git%2Dreceive-pack",
        "Service=git-receive-pack",
        "x=y&service=git-receive-pack",
        "service=git-upload-pack&x=y",
        "service=",
        "service",
        "service=git-daemon"
      })
  void the_query_of_info_refs_must_be_exactly_one_known_service(String query) {
    assertRefused(Kind.MALFORMED, "GET", "/acme/app.git/info/refs", Optional.of(query));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/app.git/git-Receive-Pack",
        "/acme/app.git/GIT-UPLOAD-PACK",
        "/acme/app.git/git-receive-pack/x",
        "/acme/app.git/git-upload-pack/",
        "/acme/app.git/INFO/REFS",
        "/acme/app.git/info/refs/"
      })
  void a_service_in_another_spelling_is_not_served_as_a_file(String path) {
    for (String method : List.of("GET", "POST")) {
      try {
        // The kind of the pool refuses it, or says that it is a page.
        assertThat(page(method, path, Optional.empty()).path().namesGit()).isTrue();
        assertThat(page(method, path, Optional.empty()).file()).isEmpty();
      } catch (RefusalException e) {
        assertThat(e.refusal().kind()).isEqualTo(Kind.MALFORMED);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"PUT, /acme/app.git/git-upload-pack", "TRACE, /acme/app.git/git-upload-pack"})
  void a_method_that_is_not_allowed_for_a_service_is_refused(String method, String path) {
    assertRefused(Kind.WRONG_METHOD, method, path, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /acme/app.git/git-receive-pack",
    "HEAD, /acme/app.git/git-upload-pack",
    "POST, /acme/app.git/HEAD",
    "DELETE, /acme/app.git/objects/info/packs",
    "PROPFIND, /acme/app.git/info/refs"
  })
  void a_name_of_git_with_another_method_is_no_file(String method, String path) throws Exception {
    RequestTarget.PageTarget page = page(method, path, Optional.empty());
    assertThat(page.file()).isEmpty();
    assertThat(page.path().namesGit()).isTrue();
  }

  @Test
  void a_fetch_from_the_root_of_a_site_uses_the_dumb_protocol() throws Exception {
    RepositoryFile root = page("GET", "/info/refs", FETCH).file().orElseThrow();
    assertThat(root.repository().requestedPath()).isEqualTo("info/refs");
    assertThat(root.file()).isEmpty();
    assertRefused(Kind.MALFORMED, "GET", "/info/refs", Optional.of("service=git-receive-pack"));
    assertRefused(Kind.MALFORMED, "POST", "/git-upload-pack", Optional.empty());
  }

  @Test
  void a_post_to_info_refs_is_refused() {
    assertRefused(Kind.WRONG_METHOD, "POST", "/acme/app.git/info/refs", FETCH);
  }

  @ParameterizedTest
  @CsvSource({
    "/acme/app.git/HEAD, acme/app, HEAD",
    "/acme/app/HEAD, acme/app, HEAD",
    "/acme/app.git/objects/info/packs, acme/app, objects/info/packs",
    "/acme/app/objects/info/http-alternates, acme/app, objects/info/http-alternates",
    "/acme/app.git/info/refs, acme/app, info/refs",
    "/acme/info/app/HEAD, acme/info/app, HEAD",
    "/acme/objects/info/refs, acme/objects, info/refs",
    "/acme/objects/info/app/objects/info/packs, acme/objects/info/app, objects/info/packs"
  })
  void a_file_of_the_dumb_protocol_belongs_to_the_repository_before_it(
      String path, String name, String file) throws RefusalException {
    assertFile(path, name, file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/acme/app.git/anything",
        "/acme/app/refs/heads/main",
        "/acme/app/packed-refs",
        "/acme/issues?q=a%20b",
        "/acme%2Fapp//x;y=1/%E2%82%AC",
        "/user/login"
      })
  void any_other_path_is_a_page(String target) throws RefusalException {
    String[] parts = target.split("\\?", 2);
    Optional<String> query = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
    for (String method : List.of("GET", "POST", "DELETE", "OPTIONS", "PROPFIND")) {
      RequestTarget.PageTarget page = page(method, parts[0], query);
      assertThat(page.path().raw()).isEqualTo(parts[0]);
      assertThat(page.query()).isEqualTo(query);
      assertThat(page.file()).isEmpty();
      assertThat(page.path().namesGit()).isFalse();
    }
  }

  @Test
  void a_path_with_a_query_names_no_file() throws RefusalException {
    assertThat(page("GET", "/acme/app.git/HEAD", Optional.of("p=secret.git")).file()).isEmpty();
  }

  private static RequestTarget.PageTarget page(String method, String path, Optional<String> query)
      throws RefusalException {
    return (RequestTarget.PageTarget) GitUrl.read(method, path, query);
  }

  private static void assertFile(String path, String name, String file) throws RefusalException {
    RepositoryFile found = page("GET", path, Optional.empty()).file().orElseThrow();
    assertThat(found.repository().name()).isEqualTo(name);
    assertThat(found.file()).isEqualTo(file);
  }

  @Tag("counted")
  @Test
  void generated_paths_have_one_repository_name_or_are_refused() {
    var random = new Random(20261125);
    String alphabet = "ab/.%2e2F5c;:-~+\\ ?&=#A\u00e9";
    int count = Boolean.getBoolean("packhorse.thorough") ? 50_000 : 3_000;
    for (int i = 0; i < count; i++) {
      var path = new StringBuilder("/");
      for (int n = random.nextInt(24); n > 0; n--) {
        path.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String raw = path.append("/info/refs").toString();
      try {
        RequestTarget target = GitUrl.read("GET", raw, FETCH);
        String name = ((RequestTarget.ServiceTarget) target).repository().name();
        assertThat(name).as(raw).doesNotContain("//", "\\", ";", "%").doesNotEndWith(".git");
        assertThat(name.split("/")).as(raw).doesNotContain(".", "..", "");
        assertThat(raw).as(raw).doesNotContain("//", "\\", ";", "/../", "/./");
      } catch (RefusalException e) {
        assertThat(e.refusal().kind()).as(raw).isEqualTo(Kind.MALFORMED);
      }
    }
  }

  private static void assertRefused(Kind kind, String method, String path, Optional<String> query) {
    assertThatThrownBy(() -> GitUrl.read(method, path, query))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.refusal().kind()).isEqualTo(kind));
  }
}
