package packhorse.config.check;

import java.util.List;
import java.util.Optional;
import packhorse.config.model.NodeSettings;
import packhorse.config.model.PathPattern;
import packhorse.config.model.PlacementRuleSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Settings;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;

/// Checks that each placement rule refers to an existing pool and to nodes of that pool, and that a
/// rule which allows writes includes the pool's primary.
record PlacementChecks(Settings settings, ProblemCollector problems) {

  void check() {
    for (int i = 0; i < settings.placement().size(); i++) {
      checkPlacement(settings.placement().get(i), "placement[" + (i + 1) + "]");
    }
  }

  /// Warns if a pattern for repositories matches none, because requests for such a path are refused
  /// or because it is compared without its suffix.
  static void warnIfMatchesNothing(PathPattern pattern, String key, ProblemCollector problems) {
    String problem = "";
    try {
      RepositoryPath example = RepositoryPath.parse(pattern.example());
      if (example.isWiki()) {
        problem = "a wiki has the rules of its repository, whose path has no .wiki suffix";
      } else if (!example.mainRepository().equals(pattern.example())) {
        problem = "repository paths have no .git suffix here";
      }
    } catch (RefusalException refused) {
      problem = refused.refusal().message();
    }
    if (problem.isEmpty()) return;
    problems.warning(key, "\"%s\" matches nothing: %s".formatted(pattern, problem));
  }

  private void checkPlacement(PlacementRuleSettings rule, String key) {
    warnIfMatchesNothing(rule.match(), key + ".match", problems);
    List<String> names = settings.pools().stream().map(PoolSettings::name).toList();
    Optional<PoolSettings> pool =
        settings.pools().stream().filter(known -> known.name().equals(rule.pool())).findFirst();
    if (pool.isEmpty()) {
      // If the key is absent, the reader has reported that already.
      if (problems.isPresent(key + ".pool")) {
        problems.error(
            key + ".pool",
            "there is no pool \"" + rule.pool() + "\"",
            Suggestion.closest(rule.pool(), names));
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
            Suggestion.closest(node, nodes));
      }
    }
    pool.get()
        .primary()
        .filter(primary -> !rule.nodes().isEmpty() && !rule.nodes().contains(primary))
        .filter(primary -> rule.readOnly().isEmpty())
        .ifPresent(primary ->
            problems.error(
                key + ".nodes",
                "does not include the primary \"" + primary + "\", which takes the writes"));
  }
}
