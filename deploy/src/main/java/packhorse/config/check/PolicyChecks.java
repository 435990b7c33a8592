package packhorse.config.check;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import packhorse.config.model.ActAsSettings;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.PolicyRuleSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.config.model.UserSettings;
import packhorse.placement.Pool;
import packhorse.policy.Action;

/// Checks that the policy decides every request, by names that are verified. If there is no policy,
/// checks that the node, which decides instead, learns who the client is.
record PolicyChecks(Settings settings, ProblemCollector problems) {
  private static final Set<Action> REF_CHANGES =
      EnumSet.of(Action.WRITE, Action.CREATE, Action.UPDATE, Action.DELETE);

  void check() {
    if (settings.policy().isEmpty()) {
      settings.pools().forEach(this::checkNodeCanDecide);
      return;
    }
    List<PolicyRuleSettings> rules = settings.policy().get();
    for (int i = 0; i < rules.size(); i++) {
      checkRule(rules.get(i), "policy[" + (i + 1) + "]");
    }
    checkLastRule(rules);
    settings.pools().forEach(this::warnOfReadsOnly);
    if (!rules.isEmpty() && rules.getLast().isUnconditional() && rules.getLast().allow()) {
      settings.pools().stream()
          .filter(p -> p.actAs() instanceof ActAsSettings.ActAsServiceAccount)
          .forEach(this::warnOfOpenServiceAccount);
    }
  }

  private void checkLastRule(List<PolicyRuleSettings> rules) {
    String key = rules.isEmpty() ? "policy" : "policy[" + rules.size() + "]";
    if (!problems.hasErrorAt(key) && (rules.isEmpty() || !rules.getLast().isUnconditional())) {
      problems.error(
          key, "the last rule must have no conditions: { allow: [ all ] } or { deny: [ all ] }");
    }
    for (int i = 0; i < rules.size() - 1; i++) {
      if (rules.get(i).isUnconditional() && !problems.hasErrorAt("policy[" + (i + 1) + "]")) {
        problems.warning(
            "policy[" + (i + 2) + "]",
            "is never reached: rule %d matches every request".formatted(i + 1));
        break;
      }
    }
  }

  private void checkRule(PolicyRuleSettings rule, String key) {
    if (!rule.refs().isEmpty() && !REF_CHANGES.containsAll(rule.operations())) {
      problems.error(key + ".refs", "only write, create, update and delete apply to refs");
    }
    for (int i = 0; i < rule.repositories().size(); i++) {
      String itemKey = key + ".repositories[" + (i + 1) + "]";
      PlacementChecks.warnIfMatchesNothing(rule.repositories().get(i), itemKey, problems);
    }
    checkGroups(rule, key);
    if (!rule.groups().isEmpty()) {
      poolWithUnverifiedNames()
          .ifPresent(pool ->
              problems.error(
                  key + ".groups",
                  ("user names are not verified for pool \"%s\" (kind %s, authentication"
                          + " node); set authentication: proxy there")
                      .formatted(pool.name(), pool.backend().kind())));
    }
  }

  private void checkGroups(PolicyRuleSettings rule, String key) {
    List<String> known = new ArrayList<>(settings.groups().keySet());
    settings.users().forEach(user -> known.add(UserSettings.FACT_PREFIX + user.name()));
    for (int i = 0; i < rule.groups().size(); i++) {
      String group = rule.groups().get(i);
      String itemKey = key + ".groups[" + (i + 1) + "]";
      if (!known.contains(group) && !problems.hasErrorAt(itemKey)) {
        String type = group.startsWith(UserSettings.FACT_PREFIX) ? "user" : "group";
        String name = group.substring(group.indexOf(':') + 1);
        problems.error(
            itemKey,
            "there is no %s \"%s\"".formatted(type, name),
            Suggestion.closest(group, known));
      }
    }
  }

  /// A node does not report whether it verified a credential before it answered.
  private Optional<PoolSettings> poolWithUnverifiedNames() {
    return settings.pools().stream()
        .filter(p -> p.authentication() == Pool.Authentication.NODE)
        .findFirst();
  }

  private void checkNodeCanDecide(PoolSettings pool) {
    String key = "pools." + pool.name();
    if (problems.hasErrorAt(key + ".act-as") || problems.hasErrorAt(key + ".authentication")) {
      return;
    }
    String seenByNode =
        pool.actAs() instanceof ActAsSettings.ActAsServiceAccount ? "a service account" : "nobody";
    if (!pool.nodesSeeHttpUser()) {
      problems.error(
          key,
          "policy is missing: the proxy verifies credentials and the node sees %s, so it cannot decide"
              .formatted(seenByNode));
    } else if (!pool.nodesSeeSshUser() && isReachableOverSsh(pool)) {
      problems.error(
          key,
          "policy is missing: for requests over SSH the node sees %s, so it cannot decide"
              .formatted(seenByNode));
    }
  }

  private void warnOfReadsOnly(PoolSettings pool) {
    boolean nobody = pool.actAs() instanceof ActAsSettings.ActAsNobody;
    if (nobody && pool.backend().requiresUserForPushes() && isReachableOverSsh(pool)) {
      problems.warning(
          "pools." + pool.name() + ".act-as",
          "over SSH the nodes see nobody: users can read what is public there, and push nothing");
    }
  }

  private boolean isReachableOverSsh(PoolSettings pool) {
    return settings.listeners().stream()
        .filter(ListenerSettings.Ssh.class::isInstance)
        .map(l -> ((ListenerSettings.Ssh) l).site())
        .anyMatch(site -> reaches(site, pool.name()));
  }

  /// Whether a site reaches a pool: its own pool, and by placement every pool that is not the pool
  /// of another site.
  private boolean reaches(String site, String pool) {
    List<SiteSettings> sitesOfPool =
        settings.sites().stream().filter(s -> s.pool().equals(pool)).toList();
    return sitesOfPool.isEmpty()
        ? settings.placement().stream().anyMatch(rule -> rule.pool().equals(pool))
        : sitesOfPool.stream().anyMatch(s -> s.name().equals(site));
  }

  private void warnOfOpenServiceAccount(PoolSettings pool) {
    problems.warning(
        "policy[" + settings.policy().map(List::size).orElse(0) + "]",
        ("allows everything to everybody, even without a login, and at pool \"%s\" with the rights"
                + " of its service account")
            .formatted(pool.name()));
  }
}
