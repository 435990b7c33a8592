package packhorse.config.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import packhorse.config.model.PlacementRuleSettings;
import packhorse.config.model.PolicyRuleSettings;

/// Converts placement and policy rules to the sections of YAML that [SettingsPrinter] prints.
/// Conditions that restrict nothing are left out.
final class RulePrinter {
  private RulePrinter() {}

  static Object printPlacement(PlacementRuleSettings rule) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("match", rule.match().text());
    section.put("pool", rule.pool());
    putUnlessEmpty(section, "nodes", rule.nodes());
    rule.readOnly().ifPresent(message -> section.put("read-only", message));
    return section;
  }

  static Object printPolicy(PolicyRuleSettings rule) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put(
        rule.allow() ? "allow" : "deny",
        rule.operations().stream().sorted().map(YamlValue::wordOf).toList());
    putUnlessEmpty(section, "groups", rule.groups());
    putUnlessEmpty(section, "repositories", SettingsPrinter.strings(rule.repositories()));
    putUnlessEmpty(section, "refs", SettingsPrinter.strings(rule.refs()));
    putUnlessEmpty(section, "from", SettingsPrinter.cidrBlocks(rule.from()));
    putUnlessEmpty(section, "not-from", SettingsPrinter.cidrBlocks(rule.notFrom()));
    rule.reason().ifPresent(message -> section.put("because", message));
    return section;
  }

  private static void putUnlessEmpty(Map<String, Object> section, String key, List<String> values) {
    if (!values.isEmpty()) {
      section.put(key, values);
    }
  }
}
