package packhorse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.creating;
import static packhorse.kit.Pushes.deleting;
import static packhorse.kit.Pushes.head;
import static packhorse.kit.Pushes.updating;
import static packhorse.policy.Rules.ALLOW_ALL;
import static packhorse.policy.Rules.DENY_ALL;
import static packhorse.policy.Rules.allow;
import static packhorse.policy.Rules.deny;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.identity.Principal;
import packhorse.kit.Pushes;
import packhorse.kit.Sample;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;
import packhorse.wire.Push;
import packhorse.wire.Service;

/// The operator's rules, before a push has begun and once its commands are known.
final class PolicyTest {
  private static final Sample ALICE = Sample.push().user("alice");

  private static Optional<Refused> asked(Sample sample, Rule... rules) {
    try {
      new Policy(List.of(rules))
          .authorise(sample.request(), sample.placement(), sample.principal());
      return Optional.empty();
    } catch (Refused refused) {
      return Optional.of(refused);
    }
  }

  private static Optional<Kind> decided(Sample sample, Rule... rules) {
    return asked(sample, rules).map(Refused::refusal).map(Refusal::kind);
  }

  /// What becomes of a push with these commands.
  private static Optional<Refused> pushed(Sample sample, String head, Rule... rules) {
    Policy policy = new Policy(List.of(rules));
    try {
      Permit permit = policy.authorise(sample.request(), sample.placement(), sample.principal());
      policy.authorise(permit, Pushes.read(head));
      return Optional.empty();
    } catch (Refused refused) {
      return Optional.of(refused);
    }
  }

  private static void assertDenied(Optional<Refused> refused, String head) {
    assertThat(refused).isPresent();
    assertThat(refused.get().refusal().kind()).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(refused.get().push().map(Push::updates)).contains(Pushes.read(head).updates());
  }

  @Test
  void the_first_rule_that_fits_decides() {
    Rule denied = deny(Action.READ).at("secret/**").rule();
    assertThat(decided(Sample.fetch().user("al").repository("secret/x"), denied, ALLOW_ALL))
        .contains(Kind.NOT_ALLOWED);
    assertThat(decided(Sample.fetch().user("al"), denied, ALLOW_ALL)).isEmpty();
    assertThat(decided(Sample.fetch().user("al").repository("secret/x"), ALLOW_ALL, denied))
        .isEmpty();
  }

  @Test
  void what_no_rule_allows_is_refused() {
    Rule reads = allow(Action.READ).rule();
    assertThat(decided(ALICE, reads)).contains(Kind.NOT_ALLOWED);
    assertThat(decided(ALICE.service(Service.UPLOAD_ARCHIVE), reads)).contains(Kind.NOT_ALLOWED);
    assertThat(decided(ALICE.service(Service.UPLOAD_PACK), reads)).isEmpty();
  }

  @Test
  void without_rules_the_node_decides() {
    assertThat(decided(Sample.push())).isEmpty();
    assertThat(pushed(Sample.push(), head(deleting("refs/heads/main")))).isEmpty();
  }

  @Test
  void nobody_is_asked_for_a_credential_where_a_rule_denies() {
    assertThat(decided(Sample.fetch(), DENY_ALL)).contains(Kind.NO_CREDENTIAL);
    assertThat(decided(Sample.push(), deny(Action.WRITE).rule(), ALLOW_ALL))
        .contains(Kind.NO_CREDENTIAL);
  }

  @Test
  void a_claimed_name_is_in_no_group_and_is_not_asked_again() {
    Rule owners = allow(Action.ALL).of("user:alice").rule();
    Sample claimed = Sample.fetch().principal(new Principal.Claimed("alice"));
    assertThat(decided(claimed, owners, DENY_ALL)).contains(Kind.NOT_ALLOWED);
    assertThat(decided(Sample.fetch().user("alice"), owners, DENY_ALL)).isEmpty();
    assertThat(decided(Sample.fetch().user("alice2"), owners, DENY_ALL)).contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_group_without_members_is_nobody() {
    assertThat(decided(ALICE, allow(Action.ALL).of().rule(), DENY_ALL)).contains(Kind.NOT_ALLOWED);
  }

  @Test
  void a_wiki_has_the_rights_of_its_repository() {
    Rule denied = deny(Action.ALL).at("secret/app").rule();
    for (String path : List.of("secret/app", "secret/app.git", "secret/app.wiki.git")) {
      assertThat(decided(ALICE.repository(path), denied, ALLOW_ALL)).contains(Kind.NOT_ALLOWED);
    }
    assertThat(decided(ALICE.repository("secret/app2.wiki"), denied, ALLOW_ALL)).isEmpty();
  }

  @Test
  void networks_are_of_their_own_family_and_mapped_addresses_are_ipv4() throws Exception {
    Rule inside = allow(Action.ALL).from("10.20.0.0", 16).rule();
    assertThat(decided(ALICE.from("10.20.255.1", true), inside, DENY_ALL)).isEmpty();
    assertThat(decided(ALICE.from("10.21.0.1", true), inside, DENY_ALL)).contains(Kind.NOT_ALLOWED);
    assertThat(decided(ALICE.from("2001:db8::1", true), inside, DENY_ALL))
        .contains(Kind.NOT_ALLOWED);
    Rule outside = deny(Action.ALL).notFrom("10.20.0.0", 16).rule();
    assertThat(decided(ALICE.from("2001:db8::1", true), outside, ALLOW_ALL))
        .contains(Kind.NOT_ALLOWED);
    assertThat(decided(ALICE.from("10.20.0.1", true), outside, ALLOW_ALL)).isEmpty();
    assertThat(Rules.network("10.20.0.0", 16).holds(mapped(10, 20, 3, 4))).isTrue();
    assertThat(Rules.network("2001:db8::", 32).holds(InetAddress.ofLiteral("2001:db8:5::1")))
        .isTrue();
    assertThat(Rules.network("0.0.0.0", 0).holds(InetAddress.ofLiteral("::1"))).isFalse();
  }

  // Java itself makes an Inet4Address of most of these, but not of those with a scope
  private static InetAddress mapped(int... quad) throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    for (int i = 0; i < 4; i++) bytes[12 + i] = (byte) quad[i];
    return java.net.Inet6Address.getByAddress("mapped", bytes, 1);
  }

  @Test
  void where_nobody_writes_nobody_writes() {
    Optional<Refused> refused = asked(ALICE.readOnly("the archive is frozen"), ALLOW_ALL);
    assertThat(refused.map(Refused::refusal).map(Refusal::sentence))
        .contains("the archive is frozen");
    assertThat(decided(ALICE.readOnly("frozen"))).contains(Kind.READ_ONLY);
    assertThat(decided(Sample.fetch().readOnly("frozen"), ALLOW_ALL)).isEmpty();
  }

  @Test
  void a_rule_on_refs_denies_what_the_provisional_permit_let_in() {
    Rule main = deny(Action.DELETE).on("refs/heads/main").because("main stays").rule();
    String deletes = head(updating("refs/heads/x"), deleting("refs/heads/main"));
    Optional<Refused> refused = pushed(ALICE, deletes, main, ALLOW_ALL);
    assertDenied(refused, deletes);
    assertThat(refused.get().refusal().sentence()).isEqualTo("main stays");
    assertThat(refused.get().refusal().rule())
        .isEqualTo("policy rule 7 denies: delete of refs/heads/main");
    assertThat(pushed(ALICE, head(updating("refs/heads/main")), main, ALLOW_ALL)).isEmpty();
    assertThat(pushed(ALICE, head(deleting("refs/heads/MAIN")), main, ALLOW_ALL)).isEmpty();
  }

  @Test
  void a_refused_ref_without_a_because_names_the_rule() {
    Rule pulls = deny(Action.WRITE).on("refs/pull/**").rule();
    Optional<Refused> refused = pushed(ALICE, head(creating("refs/pull/7/head")), pulls, ALLOW_ALL);
    assertThat(refused.orElseThrow().refusal().sentence())
        .isEqualTo("policy rule 7 denies: create of refs/pull/7/head");
  }

  @Test
  void each_change_has_its_word() {
    Rule creates = allow(Action.CREATE).on("refs/heads/**").rule();
    assertThat(pushed(ALICE, head(creating("refs/heads/x")), creates, DENY_ALL)).isEmpty();
    assertDenied(
        pushed(ALICE, head(updating("refs/heads/x")), creates, DENY_ALL),
        head(updating("refs/heads/x")));
    assertDenied(
        pushed(ALICE, head(creating("refs/tags/x")), creates, DENY_ALL),
        head(creating("refs/tags/x")));
    assertThat(decided(ALICE, allow(Action.READ).rule(), DENY_ALL)).contains(Kind.NOT_ALLOWED);
  }

  @Test
  void signed_push_to_a_denied_ref() {
    Rule main = deny(Action.WRITE).on("refs/heads/main").rule();
    String signed = Pushes.signed(updating("refs/heads/x"), updating("refs/heads/main"));
    assertDenied(pushed(ALICE, signed, main, ALLOW_ALL), signed);
    assertThat(pushed(ALICE, Pushes.signed(updating("refs/heads/x")), main, ALLOW_ALL)).isEmpty();
  }

  @Test
  void a_rule_for_refs_in_another_alphabet_compares_bytes() {
    Rule rule = deny(Action.WRITE).on(packhorse.wire.WireText.ofUnicode("refs/heads/übung")).rule();
    String ref = packhorse.wire.WireText.ofUnicode("refs/heads/übung");
    Optional<Refused> refused = pushed(ALICE, head(creating(ref)), rule, ALLOW_ALL);
    assertDenied(refused, head(creating(ref)));
    assertThat(refused.get().refusal().sentence()).endsWith("refs/heads/übung");
  }

  @Test
  void nobody_may_push_where_every_rule_lets_everybody() {
    Rule main = deny(Action.DELETE).on("refs/heads/main").rule();
    assertThat(pushed(Sample.push(), head(creating("refs/heads/x")), main, ALLOW_ALL)).isEmpty();
    assertDenied(
        pushed(Sample.push(), head(deleting("refs/heads/main")), main, ALLOW_ALL),
        head(deleting("refs/heads/main")));
  }

  // git shows its credential only when it is asked, and after the commands it is too late to ask
  @Test
  void nobody_is_asked_who_he_is_where_a_name_could_allow_more() {
    Rule open = allow(Action.WRITE).on("refs/heads/open/**").rule();
    Rule members = allow(Action.ALL).of("user:alice").rule();
    assertThat(decided(Sample.push(), open, members, DENY_ALL)).contains(Kind.NO_CREDENTIAL);
    assertThat(decided(ALICE, open, members, DENY_ALL)).isEmpty();
    Rule main = deny(Action.DELETE).on("refs/heads/main").rule();
    assertThat(decided(Sample.push(), members, main, ALLOW_ALL)).contains(Kind.NO_CREDENTIAL);
    Rule elsewhere = allow(Action.ALL).at("other/**").of("user:alice").rule();
    assertThat(decided(Sample.push(), elsewhere, main, ALLOW_ALL)).isEmpty();
  }
}
