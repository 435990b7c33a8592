package packhorse.config;

import java.util.List;
import java.util.Optional;

/// Checks that placement and groups speak of what is there.
record RuleChecks(Settings settings, Problems problems) {

  void check() {
    for (int i = 0; i < settings.placement().size(); i++) {
      placement(settings.placement().get(i), "placement[" + (i + 1) + "]");
    }
    settings
        .groups()
        .forEach((name, facts) -> {
          for (int i = 0; i < facts.size(); i++) {
            user(facts.get(i), "groups." + name + "[" + (i + 1) + "]");
          }
        });
  }

  /// A pattern that matches nothing, for a reason that is easily overlooked.
  static void suffix(PathPattern pattern, String key, Problems problems) {
    if (!pattern.namesSuffix()) return;
    problems.warning(
        key,
        "\"%s\" matches nothing: names of repositories are without .git here".formatted(pattern));
  }

  private void placement(PlacementRule rule, String key) {
    suffix(rule.match(), key + ".match", problems);
    List<String> names = settings.pools().stream().map(PoolSettings::name).toList();
    Optional<PoolSettings> pool =
        settings.pools().stream().filter(p -> p.name().equals(rule.pool())).findFirst();
    if (pool.isEmpty()) {
      if (problems.knows(key + ".pool")) {
        problems.error(
            key + ".pool",
            "there is no pool \"" + rule.pool() + "\"",
            Suggestion.of(rule.pool(), names));
      }
      return;
    }
    List<String> nodes = pool.get().nodes().stream().map(NodeSettings::name).toList();
    for (int i = 0; i < rule.nodes().size(); i++) {
      String node = rule.nodes().get(i);
      if (!nodes.contains(node)) {
        problems.error(
            key + ".nodes[" + (i + 1) + "]",
            "pool \"%s\" has no node \"%s\"".formatted(rule.pool(), node),
            Suggestion.of(node, nodes));
      }
    }
    pool.get()
        .primary()
        .filter(p -> !rule.nodes().isEmpty() && !rule.nodes().contains(p))
        .filter(p -> rule.readOnly().isEmpty())
        .ifPresent(p ->
            problems.error(
                key + ".nodes", "lacks the primary \"" + p + "\", which takes the writes"));
  }

  /// A fact `user:NAME` must name a user of the directory.
  void user(String fact, String key) {
    if (!fact.startsWith(RuleReader.USER)) {
      return;
    }
    String name = fact.substring(RuleReader.USER.length());
    List<String> users = settings.users().stream().map(UserSettings::name).toList();
    if (!users.contains(name)) {
      problems.error(key, "there is no user \"" + name + "\"", Suggestion.of(name, users));
    }
  }
}
