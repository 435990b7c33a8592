package packhorse.policy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import packhorse.request.Glob;

/// Builds policy rules for tests. Each method returns a builder whose rule has one more condition.
record PolicyRuleBuilder(PolicyRule rule) {
  static final PolicyRule ALLOW_ALL = allow(Action.ALL).rule();
  static final PolicyRule DENY_ALL = deny(Action.ALL).rule();

  static PolicyRuleBuilder allow(Action... actions) {
    return rule(true, actions);
  }

  static PolicyRuleBuilder deny(Action... actions) {
    return rule(false, actions);
  }

  private static PolicyRuleBuilder rule(boolean allow, Action... actions) {
    return new PolicyRuleBuilder(
        new PolicyRule(
            7,
            allow,
            Set.of(actions),
            List.of(),
            List.of(),
            false,
            Set.of(),
            List.of(),
            List.of(),
            ""));
  }

  PolicyRuleBuilder at(String... repositories) {
    return new PolicyRuleBuilder(
        withScope(globs(repositories), rule.refs(), rule.hasGroups(), rule.facts()));
  }

  PolicyRuleBuilder on(String... refs) {
    return new PolicyRuleBuilder(
        withScope(rule.repositories(), globs(refs), rule.hasGroups(), rule.facts()));
  }

  PolicyRuleBuilder of(String... facts) {
    return new PolicyRuleBuilder(withScope(rule.repositories(), rule.refs(), true, Set.of(facts)));
  }

  private PolicyRule withScope(
      List<Glob> repositories, List<Glob> refs, boolean hasGroups, Set<String> facts) {
    return new PolicyRule(
        rule.number(),
        rule.allows(),
        rule.actions(),
        repositories,
        refs,
        hasGroups,
        facts,
        rule.sourceNetworks(),
        rule.excludedNetworks(),
        rule.message());
  }

  PolicyRuleBuilder from(String address, int prefixLength) {
    return new PolicyRuleBuilder(
        withNetworks(
            List.of(network(address, prefixLength)), rule.excludedNetworks(), rule.message()));
  }

  PolicyRuleBuilder notFrom(String address, int prefixLength) {
    return new PolicyRuleBuilder(
        withNetworks(
            rule.sourceNetworks(), List.of(network(address, prefixLength)), rule.message()));
  }

  PolicyRuleBuilder because(String text) {
    return new PolicyRuleBuilder(
        withNetworks(rule.sourceNetworks(), rule.excludedNetworks(), text));
  }

  private PolicyRule withNetworks(
      List<CidrBlock> sourceNetworks, List<CidrBlock> excludedNetworks, String message) {
    return new PolicyRule(
        rule.number(),
        rule.allows(),
        rule.actions(),
        rule.repositories(),
        rule.refs(),
        rule.hasGroups(),
        rule.facts(),
        sourceNetworks,
        excludedNetworks,
        message);
  }

  static CidrBlock network(String address, int prefixLength) {
    return new CidrBlock(InetAddress.ofLiteral(address), prefixLength);
  }

  private static List<Glob> globs(String... texts) {
    return Arrays.stream(texts).map(Glob::new).toList();
  }
}
