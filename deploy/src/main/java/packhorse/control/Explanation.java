package packhorse.control;

import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Formats an audit record for `packhorse explain`: the client, the user, the operation, the rule
/// that decided, the node and the result, one fact a line.
final class Explanation {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LABEL_WIDTH = "told the client".length() + 2;

  private final JsonNode record;
  private final StringJoiner text = new StringJoiner("\n", "", "\n");

  private Explanation(JsonNode record) {
    this.record = record;
  }

  /// Returns the text for a line of the audit file. Facts that the record lacks are left out.
  static String of(String auditLine) {
    var explanation = new Explanation(JSON.readTree(auditLine));
    explanation.addAll();
    return explanation.text.toString();
  }

  private void addAll() {
    add("request", value("id") + " at " + value("time"));
    add("client", value("from") + " over " + value("front") + ", listener " + value("listener"));
    add("user", user());
    add("operation", operation());
    addValue("pool", "pool");
    addValue("node", "node");
    addValue("route", "route");
    add("outcome", value("outcome"));
    addValue("rule", "rule");
    addValue("told the client", "because");
    addValue("may be old", "may_be_old");
    addValue("status", "status");
    addValue("failure", "failure");
    for (JsonNode failure : record.path("failures")) add("failed attempt", failure.asString());
    for (JsonNode node : record.path("lacking")) {
      add("also asked", node.asString() + ", which lacks a wanted object");
    }
    addFetch();
    for (JsonNode ref : record.path("refs")) {
      add("ref", value(ref, "change") + " " + value(ref, "ref") + ": " + value(ref, "result"));
    }
    add("duration", value("took_ms") + " ms");
  }

  private void addFetch() {
    if (!value("answer").equals("fetch")) return;
    var wants = new StringJoiner(", ");
    for (JsonNode want : record.path("wants")) wants.add(want.asString());
    int more = record.path("wants_count").asInt() - record.path("wants").size();
    add("wanted", wants + (more > 0 ? " and " + more + " more" : ""));
    add("had", value("haves_count") + " objects of the client named, in " + value("dialect"));
    addValue("depth", "depth");
    addValue("filter", "filter");
    String objects = value("pack_objects");
    String pack = value("pack_bytes") + " bytes";
    add("pack", objects.isEmpty() ? pack : objects + " objects, " + pack);
  }

  private String user() {
    String claimed = value("claimed");
    if (!claimed.isEmpty()) return "claimed=" + claimed + " (" + verification() + ")";
    String user = value("user");
    return user.isEmpty() ? "anonymous" : user + " by " + value("by");
  }

  private String verification() {
    if (value("refusal").equals("wrong-credential")) return "checked, and not accepted";
    if (value("status").equals("401")) return "not accepted by the node";
    return value("node").isEmpty() ? "not verified" : "left to the node to verify";
  }

  private String operation() {
    String step = value("step");
    String operation = value("operation");
    if (operation.isEmpty()) return "unknown: the request could not be read";
    return operation + " " + value("repository") + (step.isEmpty() ? "" : " (" + step + ")");
  }

  private void addValue(String label, String key) {
    String value = value(key);
    if (!value.isEmpty()) add(label, value);
  }

  private void add(String label, String fact) {
    text.add(label + " ".repeat(LABEL_WIDTH - label.length()) + fact);
  }

  private String value(String key) {
    return value(record, key);
  }

  private static String value(JsonNode object, String key) {
    return object.path(key).asString("");
  }
}
