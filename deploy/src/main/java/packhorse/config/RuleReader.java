package packhorse.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `placement`, `groups` and `policy`.
final class RuleReader {
  static final String USER = "user:";

  private record Group(String name, List<String> facts) {}

  private RuleReader() {}

  static List<PlacementRule> placement(Section root) {
    return root.list("placement", c -> c.section(RuleReader::placementRule));
  }

  private static PlacementRule placementRule(Section section) {
    return new PlacementRule(
        section.required("match", RuleReader::pattern, new PathPattern("**")),
        section.required("pool", Cursor::text, ""),
        section.condition("nodes", Cursor::text),
        section.find("read-only", Cursor::text));
  }

  static Map<String, List<String>> groups(Section root) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    root.optional("groups", c -> c.entries(RuleReader::group), List.<Group>of())
        .forEach(group -> groups.put(group.name(), group.facts()));
    return Collections.unmodifiableMap(groups);
  }

  private static Group group(String name, Cursor cursor) {
    return new Group(SiteReader.name(name, cursor), cursor.list(RuleReader::fact));
  }

  /// A group's name, or a fact itself.
  private static String groupOrFact(Cursor cursor) {
    return cursor.text().indexOf(':') < 0 ? cursor.text() : fact(cursor);
  }

  /// `user:NAME`; other sorts of facts are not built yet.
  private static String fact(Cursor cursor) {
    String text = cursor.text();
    String sort = text.substring(0, Math.max(0, text.indexOf(':')));
    if (NotBuilt.value("fact", sort)) {
      cursor.error(sort + ": not built yet");
    } else if (!text.startsWith(USER)) {
      cursor.error("must be a fact, such as \"user:NAME\"");
    }
    return text;
  }

  static Optional<List<PolicyRule>> policy(Section root) {
    return root.find("policy", c -> c.list(item -> item.section(RuleReader::policyRule)));
  }

  private static PolicyRule policyRule(Section section) {
    Optional<Set<PolicyRule.Operation>> allow = section.find("allow", RuleReader::operations);
    Optional<Set<PolicyRule.Operation>> deny = section.find("deny", RuleReader::operations);
    if (allow.isEmpty() && deny.isEmpty()) {
      section.missing("allow or deny");
    } else if (allow.isPresent() && deny.isPresent()) {
      section.error("has both allow and deny");
    }
    return new PolicyRule(
        allow.isPresent(),
        allow.or(() -> deny).orElse(Set.of(PolicyRule.Operation.ALL)),
        section.condition("groups", RuleReader::groupOrFact),
        section.condition("repositories", RuleReader::repositories),
        section.condition("refs", RuleReader::pattern),
        section.condition("from", ListenerReader::block),
        section.condition("not-from", ListenerReader::block),
        section.find("because", Cursor::text));
  }

  private static Set<PolicyRule.Operation> operations(Cursor cursor) {
    Set<PolicyRule.Operation> operations = EnumSet.noneOf(PolicyRule.Operation.class);
    operations.addAll(cursor.list(c -> c.choice(PolicyRule.Operation.class)));
    if (operations.isEmpty()) {
      cursor.error("names no operation");
      operations.add(PolicyRule.Operation.ALL);
    }
    return operations;
  }

  private static PathPattern repositories(Cursor cursor) {
    return cursor.notBuilt(cursor.text()) ? new PathPattern("**") : pattern(cursor);
  }

  private static PathPattern pattern(Cursor cursor) {
    return cursor.parsed(PathPattern::parse, new PathPattern("**"));
  }
}
