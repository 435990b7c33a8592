package packhorse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.policy.PolicyRuleBuilder.ALLOW_ALL;
import static packhorse.policy.PolicyRuleBuilder.DENY_ALL;
import static packhorse.policy.PolicyRuleBuilder.allow;
import static packhorse.policy.PolicyRuleBuilder.deny;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.kit.RequestFixture;
import packhorse.placement.Pool;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.request.WebRequest;

/// Authorisation of requests for pages, whose visitor only the node knows.
final class PagePolicyTest {
  private static final RequestFixture ANYBODY = RequestFixture.fetch();
  private static final String PAGE = "/acme/app/tree/main";

  @Test
  void reading_methods_read_and_all_others_write() throws RefusalException {
    PolicyRule readOnly = allow(Action.READ).rule();
    for (String method : List.of("GET", "HEAD", "OPTIONS")) {
      assertThat(refusal(ANYBODY, method, PAGE, readOnly)).isEmpty();
    }
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "PROPFIND", "get")) {
      assertThat(refusal(ANYBODY, method, PAGE, readOnly)).contains(Kind.NOT_ALLOWED);
    }
  }

  @Test
  void the_first_rule_for_the_repository_of_the_page_decides() throws RefusalException {
    PolicyRule secret = deny(Action.ALL).at("acme/app").rule();
    assertThat(refusal(ANYBODY, "GET", PAGE, secret, ALLOW_ALL)).contains(Kind.NOT_ALLOWED);
    assertThat(refusal(ANYBODY, "GET", "/acme/other/x", secret, ALLOW_ALL)).isEmpty();
    assertThat(refusal(ANYBODY, "GET", PAGE, ALLOW_ALL, secret)).isEmpty();
    assertThat(refusal(ANYBODY, "GET", PAGE)).isEmpty();
    assertThat(refusal(ANYBODY, "GET", PAGE, deny(Action.ALL).at("x/**").rule()))
        .contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_page_of_no_repository_is_not_the_business_of_the_policy() throws RefusalException {
    assertThat(refusal(ANYBODY, "GET", "/", DENY_ALL)).isEmpty();
    assertThat(refusal(ANYBODY, "POST", "/", DENY_ALL)).isEmpty();
  }

  @Test
  void an_allow_with_groups_is_passed_over() throws RefusalException {
    PolicyRule members = allow(Action.ALL).of("user:alice").rule();
    assertThat(refusal(ANYBODY, "GET", PAGE, members, DENY_ALL)).contains(Kind.NOT_ALLOWED);
    assertThat(refusal(ANYBODY, "GET", PAGE, members, ALLOW_ALL)).isEmpty();
    RequestFixture alice =
        RequestFixture.fetch().authentication(Pool.Authentication.PROXY).user("alice");
    assertThat(refusal(alice, "GET", PAGE, members, DENY_ALL)).isEmpty();
  }

  @Test
  void a_deny_with_groups_applies_where_contents_can_be_shown() throws RefusalException {
    PolicyRule runners = deny(Action.ALL).of("user:ci").rule();
    assertThat(refusal(ANYBODY, "GET", PAGE, runners, ALLOW_ALL)).contains(Kind.NOT_ALLOWED);
    RequestFixture alice =
        RequestFixture.fetch().authentication(Pool.Authentication.PROXY).user("alice");
    assertThat(refusal(alice, "GET", PAGE, runners, ALLOW_ALL)).isEmpty();
  }

  @Test
  void a_rule_that_depends_on_refs_applies_to_no_page() throws RefusalException {
    PolicyRule main = deny(Action.ALL).on("refs/heads/main").rule();
    PolicyRule feature = allow(Action.WRITE).on("refs/heads/feature/**").rule();
    assertThat(refusal(ANYBODY, "POST", PAGE, main, ALLOW_ALL)).isEmpty();
    assertThat(refusal(ANYBODY, "POST", PAGE, feature, DENY_ALL)).contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_password_is_asked_for_only_where_the_proxy_checks_it() throws RefusalException {
    RequestFixture anonymous = RequestFixture.fetch().authentication(Pool.Authentication.PROXY);
    assertThat(refusal(anonymous, "GET", PAGE, DENY_ALL)).contains(Kind.NO_CREDENTIAL);
  }

  @Test
  void a_read_only_placement_refuses_what_writes() throws RefusalException {
    RequestFixture frozen = RequestFixture.fetch().readOnly("the archive is frozen");
    assertThat(refusal(frozen, "GET", PAGE)).isEmpty();
    assertThat(refusal(frozen, "POST", PAGE)).contains(Kind.READ_ONLY);
  }

  private static Optional<Kind> refusal(
      RequestFixture fixture, String method, String path, PolicyRule... rules)
      throws RefusalException {
    WebRequest page = RequestFixture.page(method, path);
    try {
      new Policy(List.of(rules)).authorise(page, fixture.placement(page), fixture.principal());
      return Optional.empty();
    } catch (RefusalException e) {
      return Optional.of(e.refusal()).map(Refusal::kind);
    }
  }
}
