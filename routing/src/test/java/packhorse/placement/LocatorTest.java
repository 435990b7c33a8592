package packhorse.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.Sample;
import packhorse.request.Glob;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Which site was called, and where a repository lives.
final class LocatorTest {
  private static final Site CODE =
      site("code", "https://code.test", "main", "https://ci.test", "http://git_lan:3000");
  private static final Site LAB = site("lab", "https://lab.test:8443", "lab");
  private static final Pool MAIN = pool("main", "a", "b");
  private static final Pool LAB_POOL = pool("lab", "l");
  private static final Pool ARCHIVE = pool("archive", "x");

  private static Site site(String name, String url, String pool, String... aliases) {
    List<URI> uris = java.util.Arrays.stream(aliases).map(URI::create).toList();
    return new Site(name, URI.create(url), Optional.empty(), pool, uris);
  }

  private static Pool pool(String name, String... nodes) {
    return new Pool(
        name, Storage.SHARED, List.of(nodes), Optional.empty(), Pool.Checking.NODE, false, false);
  }

  private static Rule rule(String match, String pool, String... nodes) {
    return new Rule(new Glob(match), pool, List.of(nodes), Optional.empty());
  }

  private static Locator locator(Rule... rules) {
    return new Locator(
        List.of(CODE, LAB),
        List.of(MAIN, LAB_POOL, ARCHIVE),
        List.of(rules),
        Map.of("ssh-lab", "lab"));
  }

  private static Sample called(String name) {
    return Sample.fetch().calledAs(Optional.of(name));
  }

  private static Placement located(Locator locator, Sample sample) {
    try {
      return locator.locate(sample.request());
    } catch (Refused refused) {
      throw new AssertionError(refused);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"code.test", "code.test:443", "ci.test", "git_lan:3000", "git_lan"})
  void every_name_and_alias_is_the_site(String name) {
    assertThat(located(locator(), called(name)).site()).isEqualTo(CODE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lab.test", "lab.test:8443"})
  void a_site_on_a_port_is_found_with_and_without_it(String name) {
    assertThat(located(locator(), called(name)).calledAs()).isEqualTo(LAB.url());
  }

  @Test
  void links_keep_the_alias_that_was_called() {
    assertThat(located(locator(), called("ci.test")).calledAs())
        .isEqualTo(URI.create("https://ci.test"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.test", "code.test:444", "code.test.evil.test", "", "lab.test:443", "code"})
  void what_is_no_site_is_refused(String name) {
    assertThatThrownBy(() -> locator().locate(called(name).request()))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.NO_SUCH_SITE));
  }

  @Test
  void a_site_without_a_port_is_not_taken_for_one_of_the_same_name_on_a_port() {
    Site odd = site("odd", "https://code.test:8443", "lab");
    Locator both = new Locator(List.of(odd, CODE), List.of(MAIN, LAB_POOL), List.of(), Map.of());
    assertThat(located(both, called("code.test")).site()).isEqualTo(CODE);
    assertThat(located(both, called("code.test:443")).site()).isEqualTo(CODE);
    assertThat(located(both, called("code.test:8443")).site()).isEqualTo(odd);
  }

  @Test
  void a_name_that_could_be_two_sites_is_none() {
    Locator both =
        new Locator(
            List.of(
                site("one", "https://x.test:8443", "main"),
                site("two", "https://x.test:9443", "lab")),
            List.of(MAIN, LAB_POOL),
            List.of(),
            Map.of());
    assertThatThrownBy(() -> both.locate(called("x.test").request())).isInstanceOf(Refused.class);
  }

  @Test
  void the_first_rule_that_matches_decides() {
    Locator locator = locator(rule("archive/**", "archive"), rule("**", "main", "b"));
    assertThat(located(locator, called("code.test").repository("archive/x")).pool())
        .isEqualTo(ARCHIVE);
    assertThat(located(locator, called("code.test")).nodes()).containsExactly("b");
  }

  @Test
  void without_a_rule_it_is_the_pool_of_the_site() {
    assertThat(located(locator(), called("lab.test")).pool()).isEqualTo(LAB_POOL);
  }

  @Test
  void a_credential_shown_at_one_site_never_reaches_the_pool_of_another() {
    Locator locator = locator(rule("lab/**", "lab"), rule("code/**", "main"));
    assertThat(located(locator, called("code.test").repository("lab/x")).pool()).isEqualTo(MAIN);
    assertThat(located(locator, called("lab.test").repository("code/x")).pool())
        .isEqualTo(LAB_POOL);
  }

  @Test
  void a_wiki_lives_with_its_repository() {
    Locator locator = locator(rule("archive/old", "archive"));
    assertThat(located(locator, called("code.test").repository("archive/old.wiki")).pool())
        .isEqualTo(ARCHIVE);
  }

  @Test
  void ssh_tells_no_name_and_the_listener_does() {
    Sample ssh = Sample.fetch().calledAs(Optional.empty());
    assertThatThrownBy(() -> locator().locate(ssh.request())).isInstanceOf(Refused.class);
    Locator one = new Locator(List.of(CODE), List.of(MAIN), List.of(), Map.of());
    assertThat(located(one, ssh).site()).isEqualTo(CODE);
    Locator two =
        new Locator(List.of(CODE, LAB), List.of(MAIN, LAB_POOL), List.of(), Map.of("https", "lab"));
    assertThat(located(two, ssh).site()).isEqualTo(LAB);
  }
}
