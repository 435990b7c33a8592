package packhorse.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.backend.Backends;
import packhorse.kit.RequestFixture;
import packhorse.request.Glob;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Finding the site that a client called, and the pool of a repository.
final class RepositoryLocatorTest {
  private static final Site CODE =
      site("code", "https://code.test", "main", "https://ci.test", "http://git_lan:3000");
  private static final Site LAB = site("lab", "https://lab.test:8443", "lab");
  private static final Pool MAIN = pool("main", "a", "b");
  private static final Pool LAB_POOL = pool("lab", "l");
  private static final Pool ARCHIVE = pool("archive", "x");

  private static Site site(String name, String url, String poolName, String... aliases) {
    List<URI> uris = Arrays.stream(aliases).map(URI::create).toList();
    return new Site(name, URI.create(url), Optional.empty(), poolName, uris);
  }

  private static Pool pool(String name, String... nodes) {
    return new Pool(
        name,
        Backends.PLAIN,
        Storage.SHARED,
        List.of(nodes),
        Optional.empty(),
        Pool.Authentication.NODE,
        false,
        false);
  }

  private static PlacementRule rule(String pattern, String poolName, String... nodes) {
    return new PlacementRule(new Glob(pattern), poolName, List.of(nodes), Optional.empty());
  }

  private static RepositoryLocator locator(PlacementRule... rules) {
    return new RepositoryLocator(
        List.of(CODE, LAB),
        List.of(MAIN, LAB_POOL, ARCHIVE),
        List.of(rules),
        Map.of("ssh-lab", "lab"));
  }

  private static RequestFixture requestTo(String name) {
    return RequestFixture.fetch().authority(Optional.of(name));
  }

  private static Placement locate(RepositoryLocator locator, RequestFixture fixture) {
    try {
      return locator.locate(fixture.request());
    } catch (RefusalException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"code.test", "code.test:443", "ci.test", "git_lan:3000", "git_lan"})
  void a_site_is_found_by_its_name_and_every_alias(String name) {
    assertThat(locate(locator(), requestTo(name)).site()).isEqualTo(CODE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab.test", "lab.test:8443"})
  void a_site_with_a_port_is_found_with_and_without_the_port(String name) {
    assertThat(locate(locator(), requestTo(name)).siteUrl()).isEqualTo(LAB.url());
  }

  @Test
  void the_site_url_is_the_alias_that_the_client_used() {
    assertThat(locate(locator(), requestTo("ci.test")).siteUrl())
        .isEqualTo(URI.create("https://ci.test"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.test", "code.test:444", "code.test.evil.test", "", "lab.test:443", "code"})
  void an_unknown_name_is_refused(String name) {
    assertThatThrownBy(() -> locator().locate(requestTo(name).request()))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.NO_SUCH_SITE));
  }

  @Test
  void the_default_port_is_preferred_when_another_site_has_the_same_host_and_a_port() {
    Site other = site("other", "https://code.test:8443", "lab");
    RepositoryLocator both =
        new RepositoryLocator(List.of(other, CODE), List.of(MAIN, LAB_POOL), List.of(), Map.of());
    assertThat(locate(both, requestTo("code.test")).site()).isEqualTo(CODE);
    assertThat(locate(both, requestTo("code.test:443")).site()).isEqualTo(CODE);
    assertThat(locate(both, requestTo("code.test:8443")).site()).isEqualTo(other);
  }

  @Test
  void a_name_that_matches_two_sites_is_refused() {
    RepositoryLocator both =
        new RepositoryLocator(
            List.of(
                site("one", "https://x.test:8443", "main"),
                site("two", "https://x.test:9443", "lab")),
            List.of(MAIN, LAB_POOL),
            List.of(),
            Map.of());
    assertThatThrownBy(() -> both.locate(requestTo("x.test").request()))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void the_first_rule_that_matches_decides() {
    RepositoryLocator locator = locator(rule("archive/**", "archive"), rule("**", "main", "b"));
    assertThat(locate(locator, requestTo("code.test").repository("archive/x")).pool())
        .isEqualTo(ARCHIVE);
    assertThat(locate(locator, requestTo("code.test")).nodeNames()).containsExactly("b");
  }

  @Test
  void without_a_matching_rule_the_pool_of_the_site_is_used() {
    assertThat(locate(locator(), requestTo("lab.test")).pool()).isEqualTo(LAB_POOL);
  }

  @Test
  void a_credential_sent_to_one_site_never_reaches_the_pool_of_another() {
    RepositoryLocator locator = locator(rule("lab/**", "lab"), rule("code/**", "main"));
    assertThat(locate(locator, requestTo("code.test").repository("lab/x")).pool()).isEqualTo(MAIN);
    assertThat(locate(locator, requestTo("lab.test").repository("code/x")).pool())
        .isEqualTo(LAB_POOL);
  }

  @Test
  void a_wiki_has_the_placement_of_its_repository() {
    RepositoryLocator locator = locator(rule("archive/old", "archive"));
    assertThat(locate(locator, requestTo("code.test").repository("archive/old.wiki")).pool())
        .isEqualTo(ARCHIVE);
  }

  @Test
  void the_listener_determines_the_site_of_an_ssh_client() {
    RequestFixture ssh = RequestFixture.fetch().authority(Optional.empty());
    assertThatThrownBy(() -> locator().locate(ssh.request())).isInstanceOf(RefusalException.class);
    RepositoryLocator one =
        new RepositoryLocator(List.of(CODE), List.of(MAIN), List.of(), Map.of());
    assertThat(locate(one, ssh).site()).isEqualTo(CODE);
    RepositoryLocator two =
        new RepositoryLocator(
            List.of(CODE, LAB), List.of(MAIN, LAB_POOL), List.of(), Map.of("https", "lab"));
    assertThat(locate(two, ssh).site()).isEqualTo(LAB);
  }
}
