package packhorse.config.read;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import packhorse.config.model.PathPattern;
import packhorse.config.model.PlacementRuleSettings;
import packhorse.config.model.PolicyRuleSettings;
import packhorse.config.model.UserSettings;
import packhorse.policy.Action;

/// Reads the sections `placement`, `groups` and `policy` of the configuration file. Called by
/// [SettingsReader]. After a problem has been reported, a placeholder stands for the value, so that
/// the rest of the file is checked too.
final class RuleReader {
  private record Group(String name, List<String> facts) {}

  private RuleReader() {}

  static List<PlacementRuleSettings> readPlacement(Section root) {
    return root.list("placement", v -> v.section(RuleReader::placementRule));
  }

  private static PlacementRuleSettings placementRule(Section section) {
    return new PlacementRuleSettings(
        section.required("match", RuleReader::pattern, new PathPattern("**")),
        section.required("pool", YamlValue::text, ""),
        section.condition("nodes", YamlValue::text),
        section.find("read-only", YamlValue::text));
  }

  static Map<String, List<String>> readGroups(Section root) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    root.optional("groups", v -> v.entries(RuleReader::group), List.<Group>of())
        .forEach(group -> groups.put(group.name(), group.facts()));
    return Collections.unmodifiableMap(groups);
  }

  private static Group group(String name, YamlValue value) {
    return new Group(SiteReader.checkedName(name, value), value.list(RuleReader::fact));
  }

  /// Reads the name of a group, or a fact; only a fact contains a colon.
  private static String groupOrFact(YamlValue value) {
    return value.text().indexOf(':') < 0 ? value.text() : fact(value);
  }

  /// Reads a fact: `user:NAME` stands for a user whose credential the proxy has verified. Other
  /// types of facts are not implemented yet.
  private static String fact(YamlValue value) {
    String text = value.text();
    String type = text.substring(0, Math.max(0, text.indexOf(':')));
    if (UnimplementedKeys.containsValue("fact", type)) {
      value.error(type + ": " + UnimplementedKeys.MESSAGE);
    } else if (!text.startsWith(UserSettings.FACT_PREFIX)) {
      value.error("must be a fact, such as \"user:NAME\"");
    }
    return text;
  }

  static Optional<List<PolicyRuleSettings>> readPolicy(Section root) {
    return root.find("policy", v -> v.list(item -> item.section(RuleReader::policyRule)));
  }

  private static PolicyRuleSettings policyRule(Section section) {
    Optional<Set<Action>> allow = section.find("allow", RuleReader::operations);
    Optional<Set<Action>> deny = section.find("deny", RuleReader::operations);
    if (allow.isEmpty() && deny.isEmpty()) {
      section.reportMissing("allow or deny");
    } else if (allow.isPresent() && deny.isPresent()) {
      section.error("has both allow and deny");
    }
    return new PolicyRuleSettings(
        allow.isPresent(),
        allow.or(() -> deny).orElse(Set.of(Action.ALL)),
        section.condition("groups", RuleReader::groupOrFact),
        section.condition("repositories", RuleReader::repositories),
        section.condition("refs", RuleReader::pattern),
        section.condition("from", ListenerReader::cidrBlock),
        section.condition("not-from", ListenerReader::cidrBlock),
        section.find("because", YamlValue::text));
  }

  private static Set<Action> operations(YamlValue value) {
    Set<Action> operations = EnumSet.noneOf(Action.class);
    operations.addAll(value.list(v -> v.choice(Action.class)));
    if (operations.isEmpty()) {
      value.error("lists no operation");
      operations.add(Action.ALL);
    }
    return operations;
  }

  private static PathPattern repositories(YamlValue value) {
    return value.reportIfUnimplemented(value.text()) ? new PathPattern("**") : pattern(value);
  }

  private static PathPattern pattern(YamlValue value) {
    return value.parse(PathPattern::parse, new PathPattern("**"));
  }
}
