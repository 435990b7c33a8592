package packhorse.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The text of `packhorse explain` for audit records.
final class ExplanationTest {
  private static String explain(String fields) {
    return Explanation.of(
        "{\"id\":\"abc\",\"time\":\"now\",\"from\":\"192.0.2.7\",\"front\":\"http\",\"listener\":\"https\","
            + "\"operation\":\"read\",\"repository\":\"acme/app\","
            + fields
            + ",\"took_ms\":1}");
  }

  @Test
  void the_node_that_answered_is_named_apart_from_the_route_and_the_attempts_before() {
    String text =
        explain(
            "\"node\":\"n1\",\"route\":\"n3 (fetch, its turn); else n1 n2\","
                + "\"outcome\":\"answered\",\"status\":200,"
                + "\"failures\":[\"node \\\"n3\\\": connection reset\"],\"lacking\":[\"n2\"]");
    assertThat(text)
        .contains("node             n1\n")
        .contains("route            n3 (fetch, its turn); else n1 n2\n")
        .contains("failed attempt   node \"n3\": connection reset\n")
        .contains("also asked       n2, which lacks a wanted object\n");
  }

  @Test
  void the_refs_of_a_push_are_shown_as_they_are_recorded() {
    assertThat(
            explain(
                "\"outcome\":\"answered\",\"refs\":[{\"ref\":\"refs/heads/\\\\xe9\",\"change\":\"create\",\"result\":\"ok\"}]"))
        .contains("ref              create refs/heads/\\xe9: ok\n");
  }

  @Test
  void a_claimed_name_has_what_became_of_its_credential() {
    assertThat(
            explain(
                "\"claimed\":\"ali…1\",\"outcome\":\"refused\",\"refusal\":\"wrong-credential\""))
        .contains("user             claimed=ali…1 (checked, and not accepted)");
    assertThat(
            explain(
                "\"claimed\":\"ali…1\",\"outcome\":\"answered\",\"node\":\"n1\",\"status\":401"))
        .contains("(not accepted by the node)");
    assertThat(
            explain(
                "\"claimed\":\"ali…1\",\"outcome\":\"answered\",\"node\":\"n1\",\"status\":200"))
        .contains("(left to the node to verify)");
    assertThat(explain("\"claimed\":\"ali…1\",\"outcome\":\"refused\",\"refusal\":\"in-clear\""))
        .contains("(not verified)");
  }
}
