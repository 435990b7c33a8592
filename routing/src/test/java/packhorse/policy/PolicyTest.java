package packhorse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.commandList;
import static packhorse.kit.Pushes.createCommand;
import static packhorse.kit.Pushes.deleteCommand;
import static packhorse.kit.Pushes.updateCommand;
import static packhorse.policy.PolicyRuleBuilder.ALLOW_ALL;
import static packhorse.policy.PolicyRuleBuilder.DENY_ALL;
import static packhorse.policy.PolicyRuleBuilder.allow;
import static packhorse.policy.PolicyRuleBuilder.deny;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.identity.Principal;
import packhorse.kit.Pushes;
import packhorse.kit.RequestFixture;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;
import packhorse.wire.push.Push;

/// Authorisation by the operator's rules: of requests, and of the commands of a push.
final class PolicyTest {
  private static final RequestFixture ALICE = RequestFixture.push().user("alice");

  private static Optional<RefusalException> refusal(RequestFixture fixture, PolicyRule... rules) {
    try {
      new Policy(List.of(rules))
          .authorise(fixture.request(), fixture.placement(), fixture.principal());
      return Optional.empty();
    } catch (RefusalException e) {
      return Optional.of(e);
    }
  }

  private static Optional<Kind> refusalKind(RequestFixture fixture, PolicyRule... rules) {
    return refusal(fixture, rules).map(RefusalException::refusal).map(Refusal::kind);
  }

  /// The refusal of a push that starts with this command list.
  private static Optional<RefusalException> refusalOfPush(
      RequestFixture fixture, String commands, PolicyRule... rules) {
    Policy policy = new Policy(List.of(rules));
    try {
      Permit permit = policy.authorise(fixture.request(), fixture.placement(), fixture.principal());
      policy.authorise(permit, Pushes.parse(commands));
      return Optional.empty();
    } catch (RefusalException e) {
      return Optional.of(e);
    }
  }

  private static void assertDenied(Optional<RefusalException> denial, String commands) {
    assertThat(denial).isPresent();
    assertThat(denial.get().refusal().kind()).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(denial.get().push().map(Push::updates)).contains(Pushes.parse(commands).updates());
  }

  @Test
  void the_first_matching_rule_decides() {
    PolicyRule denied = deny(Action.READ).at("secret/**").rule();
    assertThat(
            refusalKind(
                RequestFixture.fetch().user("al").repository("secret/x"), denied, ALLOW_ALL))
        .contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(RequestFixture.fetch().user("al"), denied, ALLOW_ALL)).isEmpty();
    assertThat(
            refusalKind(
                RequestFixture.fetch().user("al").repository("secret/x"), ALLOW_ALL, denied))
        .isEmpty();
  }

  @Test
  void an_operation_that_no_rule_allows_is_refused() {
    PolicyRule reads = allow(Action.READ).rule();
    assertThat(refusalKind(ALICE, reads)).contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(ALICE.service(GitService.UPLOAD_ARCHIVE), reads))
        .contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(ALICE.service(GitService.UPLOAD_PACK), reads)).isEmpty();
  }

  @Test
  void without_rules_the_node_decides() {
    assertThat(refusalKind(RequestFixture.push())).isEmpty();
    assertThat(refusalOfPush(RequestFixture.push(), commandList(deleteCommand("refs/heads/main"))))
        .isEmpty();
  }

  @Test
  void an_anonymous_client_is_asked_for_a_credential_when_a_rule_denies() {
    assertThat(refusalKind(RequestFixture.fetch(), DENY_ALL)).contains(Kind.NO_CREDENTIAL);
    assertThat(refusalKind(RequestFixture.push(), deny(Action.WRITE).rule(), ALLOW_ALL))
        .contains(Kind.NO_CREDENTIAL);
  }

  @Test
  void a_claimed_name_is_in_no_group_and_is_not_asked_for_a_credential_again() {
    PolicyRule owners = allow(Action.ALL).of("user:alice").rule();
    RequestFixture claimed = RequestFixture.fetch().principal(new Principal.Claimed("alice"));
    assertThat(refusalKind(claimed, owners, DENY_ALL)).contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(RequestFixture.fetch().user("alice"), owners, DENY_ALL)).isEmpty();
    assertThat(refusalKind(RequestFixture.fetch().user("alice2"), owners, DENY_ALL))
        .contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_group_without_members_matches_nobody() {
    assertThat(refusalKind(ALICE, allow(Action.ALL).of().rule(), DENY_ALL))
        .contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_wiki_has_the_rights_of_its_repository() {
    PolicyRule denied = deny(Action.ALL).at("secret/app").rule();
    for (String path : List.of("secret/app", "secret/app.git", "secret/app.wiki.git")) {
      assertThat(refusalKind(ALICE.repository(path), denied, ALLOW_ALL)).contains(Kind.NOT_ALLOWED);
    }
    assertThat(refusalKind(ALICE.repository("secret/app2.wiki"), denied, ALLOW_ALL)).isEmpty();
  }

  @Test
  void a_network_contains_only_addresses_of_its_family_and_mapped_addresses_count_as_ipv4()
      throws Exception {
    PolicyRule inside = allow(Action.ALL).from("10.20.0.0", 16).rule();
    assertThat(refusalKind(ALICE.client("10.20.255.1", true), inside, DENY_ALL)).isEmpty();
    assertThat(refusalKind(ALICE.client("10.21.0.1", true), inside, DENY_ALL))
        .contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(ALICE.client("2001:db8::1", true), inside, DENY_ALL))
        .contains(Kind.NOT_ALLOWED);
    PolicyRule outside = deny(Action.ALL).notFrom("10.20.0.0", 16).rule();
    assertThat(refusalKind(ALICE.client("2001:db8::1", true), outside, ALLOW_ALL))
        .contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(ALICE.client("10.20.0.1", true), outside, ALLOW_ALL)).isEmpty();
    assertThat(PolicyRuleBuilder.network("10.20.0.0", 16).contains(mapped(10, 20, 3, 4))).isTrue();
    assertThat(
            PolicyRuleBuilder.network("2001:db8::", 32)
                .contains(InetAddress.ofLiteral("2001:db8:5::1")))
        .isTrue();
    assertThat(PolicyRuleBuilder.network("0.0.0.0", 0).contains(InetAddress.ofLiteral("::1")))
        .isFalse();
  }

  // Java converts most of these to an Inet4Address, but not those with a scope.
  private static InetAddress mapped(int... quad) throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    for (int i = 0; i < 4; i++) bytes[12 + i] = (byte) quad[i];
    return java.net.Inet6Address.getByAddress("mapped", bytes, 1);
  }

  @Test
  void a_push_to_a_read_only_repository_is_refused_to_users_whom_the_rules_allow_it() {
    RequestFixture frozen =
        ALICE.authentication(Pool.Authentication.PROXY).readOnly("the archive is frozen");
    Optional<RefusalException> denial = refusal(frozen, ALLOW_ALL);
    assertThat(denial.map(RefusalException::refusal).map(Refusal::message))
        .contains("the archive is frozen");
    assertThat(refusalKind(frozen)).contains(Kind.READ_ONLY);
    assertThat(refusalKind(frozen, DENY_ALL)).contains(Kind.NOT_ALLOWED);
    assertThat(refusalKind(frozen.service(GitService.UPLOAD_PACK), ALLOW_ALL)).isEmpty();
  }

  @Test
  void that_a_repository_is_read_only_is_told_to_nobody_before_login() {
    RequestFixture frozen = RequestFixture.push().readOnly("the archive is frozen");
    RequestFixture anonymous = frozen.authentication(Pool.Authentication.PROXY);
    assertThat(refusalKind(anonymous)).contains(Kind.NO_CREDENTIAL);
    assertThat(refusalKind(anonymous, ALLOW_ALL)).contains(Kind.NO_CREDENTIAL);
    // Where the node authenticates clients, the exchange refuses the push.
    assertThat(refusalKind(frozen, ALLOW_ALL)).isEmpty();
    RequestFixture bySsh = frozen.credential(new Credential.SshKey("SHA256:x")).user("alice");
    assertThat(refusalKind(bySsh)).contains(Kind.READ_ONLY);
  }

  @Test
  void a_rule_on_refs_denies_a_push_that_was_provisionally_permitted() {
    PolicyRule main = deny(Action.DELETE).on("refs/heads/main").because("main stays").rule();
    String deletes = commandList(updateCommand("refs/heads/x"), deleteCommand("refs/heads/main"));
    Optional<RefusalException> denial = refusalOfPush(ALICE, deletes, main, ALLOW_ALL);
    assertDenied(denial, deletes);
    assertThat(denial.get().refusal().message()).isEqualTo("main stays");
    assertThat(denial.get().refusal().detail())
        .isEqualTo("policy rule 7 denies: delete of refs/heads/main");
    assertThat(refusalOfPush(ALICE, commandList(updateCommand("refs/heads/main")), main, ALLOW_ALL))
        .isEmpty();
    assertThat(refusalOfPush(ALICE, commandList(deleteCommand("refs/heads/MAIN")), main, ALLOW_ALL))
        .isEmpty();
  }

  @Test
  void a_refused_ref_is_explained_by_the_rule_if_the_rule_has_no_message() {
    PolicyRule pulls = deny(Action.WRITE).on("refs/pull/**").rule();
    Optional<RefusalException> denial =
        refusalOfPush(ALICE, commandList(createCommand("refs/pull/7/head")), pulls, ALLOW_ALL);
    assertThat(denial.orElseThrow().refusal().message())
        .isEqualTo("policy rule 7 denies: create of refs/pull/7/head");
  }

  @Test
  void create_update_and_delete_are_distinguished() {
    PolicyRule creates = allow(Action.CREATE).on("refs/heads/**").rule();
    assertThat(refusalOfPush(ALICE, commandList(createCommand("refs/heads/x")), creates, DENY_ALL))
        .isEmpty();
    assertDenied(
        refusalOfPush(ALICE, commandList(updateCommand("refs/heads/x")), creates, DENY_ALL),
        commandList(updateCommand("refs/heads/x")));
    assertDenied(
        refusalOfPush(ALICE, commandList(createCommand("refs/tags/x")), creates, DENY_ALL),
        commandList(createCommand("refs/tags/x")));
    assertThat(refusalKind(ALICE, allow(Action.READ).rule(), DENY_ALL)).contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_signed_push_to_a_denied_ref_is_refused() {
    PolicyRule main = deny(Action.WRITE).on("refs/heads/main").rule();
    String signed =
        Pushes.pushCertificate(updateCommand("refs/heads/x"), updateCommand("refs/heads/main"));
    assertDenied(refusalOfPush(ALICE, signed, main, ALLOW_ALL), signed);
    assertThat(
            refusalOfPush(
                ALICE, Pushes.pushCertificate(updateCommand("refs/heads/x")), main, ALLOW_ALL))
        .isEmpty();
  }

  @Test
  void a_rule_on_refs_with_non_ascii_names_compares_bytes() {
    PolicyRule rule =
        deny(Action.WRITE).on(packhorse.wire.WireText.ofUnicode("refs/heads/übung")).rule();
    String ref = packhorse.wire.WireText.ofUnicode("refs/heads/übung");
    Optional<RefusalException> denial =
        refusalOfPush(ALICE, commandList(createCommand(ref)), rule, ALLOW_ALL);
    assertDenied(denial, commandList(createCommand(ref)));
    assertThat(denial.get().refusal().message()).endsWith("refs/heads/übung");
  }

  @Test
  void an_anonymous_push_is_allowed_where_all_rules_apply_to_everybody() {
    PolicyRule main = deny(Action.DELETE).on("refs/heads/main").rule();
    assertThat(
            refusalOfPush(
                RequestFixture.push(), commandList(createCommand("refs/heads/x")), main, ALLOW_ALL))
        .isEmpty();
    assertDenied(
        refusalOfPush(
            RequestFixture.push(), commandList(deleteCommand("refs/heads/main")), main, ALLOW_ALL),
        commandList(deleteCommand("refs/heads/main")));
  }

  // git sends its credential only when it is asked, and after the commands it is too late to ask.
  @Test
  void an_anonymous_push_is_asked_for_a_credential_where_a_user_may_be_allowed_more() {
    PolicyRule open = allow(Action.WRITE).on("refs/heads/open/**").rule();
    PolicyRule members = allow(Action.ALL).of("user:alice").rule();
    assertThat(refusalKind(RequestFixture.push(), open, members, DENY_ALL))
        .contains(Kind.NO_CREDENTIAL);
    assertThat(refusalKind(ALICE, open, members, DENY_ALL)).isEmpty();
    PolicyRule main = deny(Action.DELETE).on("refs/heads/main").rule();
    assertThat(refusalKind(RequestFixture.push(), members, main, ALLOW_ALL))
        .contains(Kind.NO_CREDENTIAL);
    PolicyRule elsewhere = allow(Action.ALL).at("other/**").of("user:alice").rule();
    assertThat(refusalKind(RequestFixture.push(), elsewhere, main, ALLOW_ALL)).isEmpty();
  }
}
