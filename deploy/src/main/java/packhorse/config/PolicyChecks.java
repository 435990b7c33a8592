package packhorse.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Checks the policy: that it decides everything, by names that somebody verifies; and where there
/// is none, that the node which decides instead knows who asks.
record PolicyChecks(Settings settings, Problems problems) {
  private static final Set<PolicyRule.Operation> OF_REFS =
      EnumSet.of(
          PolicyRule.Operation.WRITE,
          PolicyRule.Operation.CREATE,
          PolicyRule.Operation.UPDATE,
          PolicyRule.Operation.DELETE);

  void check() {
    if (settings.policy().isEmpty()) {
      plainPools().forEach(this::nodeDecides);
      return;
    }
    List<PolicyRule> rules = settings.policy().get();
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.get(i), "policy[" + (i + 1) + "]");
    }
    last(rules);
    if (!rules.isEmpty() && rules.getLast().unconditional() && rules.getLast().allow()) {
      plainPools().filter(p -> p.actAs() instanceof ActAs.Basic).forEach(this::anybody);
    }
  }

  private void last(List<PolicyRule> rules) {
    String key = rules.isEmpty() ? "policy" : "policy[" + rules.size() + "]";
    if (!problems.brokenAt(key) && (rules.isEmpty() || !rules.getLast().unconditional())) {
      problems.error(
          key, "the last rule must be without conditions: { allow: [ all ] } or { deny: [ all ] }");
    }
    for (int i = 0; i < rules.size() - 1; i++) {
      if (rules.get(i).unconditional() && !problems.brokenAt("policy[" + (i + 1) + "]")) {
        problems.warning(
            "policy[" + (i + 2) + "]", "is never reached: rule %d decides all".formatted(i + 1));
        break;
      }
    }
  }

  private void rule(PolicyRule rule, String key) {
    if (!rule.refs().isEmpty() && !OF_REFS.containsAll(rule.operations())) {
      problems.error(key + ".refs", "only write, create, update and delete are about refs");
    }
    for (int i = 0; i < rule.repositories().size(); i++) {
      String itemKey = key + ".repositories[" + (i + 1) + "]";
      RuleChecks.suffix(rule.repositories().get(i), itemKey, problems);
    }
    List<String> known = new ArrayList<>(settings.groups().keySet());
    settings.users().forEach(user -> known.add(RuleReader.USER + user.name()));
    for (int i = 0; i < rule.groups().size(); i++) {
      String group = rule.groups().get(i);
      String itemKey = key + ".groups[" + (i + 1) + "]";
      if (!known.contains(group) && !problems.brokenAt(itemKey)) {
        String what = group.startsWith(RuleReader.USER) ? "user" : "group";
        String name = group.substring(group.indexOf(':') + 1);
        problems.error(
            itemKey, "there is no %s \"%s\"".formatted(what, name), Suggestion.of(group, known));
      }
    }
    if (!rule.groups().isEmpty()) {
      namesNobodyVerifies()
          .ifPresent(pool ->
              problems.error(
                  key + ".groups",
                  ("nobody verifies names for pool \"%s\" (kind plain, authentication node);"
                          + " say authentication: proxy there")
                      .formatted(pool.name())));
    }
  }

  /// A plain node lets in whom it likes and never says whether it looked at the name.
  private Optional<PoolSettings> namesNobodyVerifies() {
    return plainPools()
        .filter(p -> p.authentication() == PoolSettings.Authentication.NODE)
        .findFirst();
  }

  private void nodeDecides(PoolSettings pool) {
    String key = "pools." + pool.name();
    if (problems.brokenAt(key + ".act-as") || problems.brokenAt(key + ".authentication")) {
      return;
    }
    String shown = pool.actAs() instanceof ActAs.Basic ? "a service account" : "nobody";
    if (!pool.seesHttpUser()) {
      problems.error(
          key,
          "policy is missing: the proxy checks who it is and the node sees %s, so it cannot decide"
              .formatted(shown));
    } else if (!pool.seesSshUser() && reachedOverSsh(pool)) {
      problems.error(
          key,
          "policy is missing: for what comes over SSH the node sees %s, so it cannot decide"
              .formatted(shown));
    }
  }

  private boolean reachedOverSsh(PoolSettings pool) {
    return settings.listeners().stream()
        .filter(ListenerSettings.Ssh.class::isInstance)
        .map(l -> ((ListenerSettings.Ssh) l).site())
        .anyMatch(site -> reaches(site, pool.name()));
  }

  /// A site reaches its own pool, and by placement those that are no other site's.
  private boolean reaches(String site, String pool) {
    List<SiteSettings> owners =
        settings.sites().stream().filter(s -> s.pool().equals(pool)).toList();
    return owners.isEmpty()
        ? settings.placement().stream().anyMatch(rule -> rule.pool().equals(pool))
        : owners.stream().anyMatch(s -> s.name().equals(site));
  }

  private void anybody(PoolSettings pool) {
    problems.warning(
        "policy[" + settings.policy().map(List::size).orElse(0) + "]",
        ("allows everything to everybody, without a login too, and pool \"%s\" does it as its"
                + " service account")
            .formatted(pool.name()));
  }

  private Stream<PoolSettings> plainPools() {
    return settings.pools().stream().filter(p -> p.kind() == PoolSettings.Kind.PLAIN);
  }
}
