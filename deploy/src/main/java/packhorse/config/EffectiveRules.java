package packhorse.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Prints the rules of placement and policy for [EffectiveSettings]; conditions that do not
/// restrict are left out.
final class EffectiveRules {
  private EffectiveRules() {}

  static Object placement(PlacementRule rule) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("match", rule.match().text());
    section.put("pool", rule.pool());
    put(section, "nodes", rule.nodes());
    rule.readOnly().ifPresent(sentence -> section.put("read-only", sentence));
    return section;
  }

  static Object policy(PolicyRule rule) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put(
        rule.allow() ? "allow" : "deny",
        rule.operations().stream().sorted().map(Cursor::word).toList());
    put(section, "groups", rule.groups());
    put(section, "repositories", rule.repositories());
    put(section, "refs", rule.refs());
    put(section, "from", rule.from());
    put(section, "not-from", rule.notFrom());
    rule.because().ifPresent(sentence -> section.put("because", sentence));
    return section;
  }

  private static void put(Map<String, Object> section, String key, List<?> values) {
    if (!values.isEmpty()) {
      section.put(key, EffectiveSettings.texts(values));
    }
  }
}
