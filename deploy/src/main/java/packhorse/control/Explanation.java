package packhorse.control;

import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An audit record in words, for {@code packhorse explain}: who, what, which rule, which node.
final class Explanation {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Explanation() {}

  static String of(String auditLine) {
    JsonNode record = JSON.readTree(auditLine);
    var text = new StringJoiner("\n", "", "\n");
    text.add("request   " + word(record, "id") + " at " + word(record, "time"));
    text.add(
        "from      "
            + word(record, "from")
            + " over "
            + word(record, "front")
            + " (listener "
            + word(record, "listener")
            + ")");
    text.add("who       " + who(record));
    text.add("what      " + what(record));
    add(text, record, "where     ", "pool");
    add(text, record, "node      ", "route");
    text.add("outcome   " + word(record, "outcome"));
    add(text, record, "rule      ", "rule");
    add(text, record, "said      ", "because");
    add(text, record, "status    ", "status");
    add(text, record, "failure   ", "failure");
    for (JsonNode failure : record.path("failures")) text.add("failed    " + failure.asString());
    for (JsonNode ref : record.path("refs")) {
      text.add(
          "ref       " + word(ref, "change") + " " + word(ref, "ref") + ": " + word(ref, "result"));
    }
    text.add("took      " + word(record, "took_ms") + " ms");
    return text.toString();
  }

  private static String who(JsonNode record) {
    String claimed = word(record, "claimed");
    if (!claimed.isEmpty()) return "claimed=" + claimed + " (nobody checked it)";
    String user = word(record, "user");
    String by = word(record, "by");
    return user.isEmpty() ? "anonymous" : user + " by " + by;
  }

  private static String what(JsonNode record) {
    String step = word(record, "step");
    String operation = word(record, "operation");
    if (operation.isEmpty()) return "a request that could not be read";
    return operation + " " + word(record, "repository") + (step.isEmpty() ? "" : " (" + step + ")");
  }

  private static void add(StringJoiner text, JsonNode record, String label, String key) {
    String value = word(record, key);
    if (!value.isEmpty()) text.add(label + value);
  }

  private static String word(JsonNode record, String key) {
    return record.path(key).asString("");
  }
}
