package packhorse.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import packhorse.kit.RequestFixture;

/// The values that make up a request or a refusal: text, credentials, headers, operations.
final class RequestValuesTest {
  @Test
  void text_of_a_client_becomes_printable_and_is_truncated() {
    assertThat(PrintableText.of("a\u001b[2J\u202eb\u0000c\n")).isEqualTo("a?[2J?b?c?");
    assertThat(PrintableText.of("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(PrintableText.of("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
    assertThat(PrintableText.of("\ud83d\udc0e")).isEqualTo("\ud83d\udc0e");
  }

  @Test
  void a_refusal_is_one_line_of_printable_text() {
    Refusal refusal = Refusal.notAllowed("ask the\nplatform\u001b[31m team", "rule\r\n2");
    assertThat(refusal.message()).isEqualTo("ask the platform?[31m team");
    assertThat(refusal.detail()).isEqualTo("rule? 2");
  }

  @Test
  void a_credential_as_text_contains_no_secret() {
    var basic = new Credential.Basic("al", "hunter2", "Basic YWw6aHVudGVyMg==");
    var bearer = new Credential.Bearer("hunter2", "Bearer hunter2");
    var other = new Credential.OtherScheme("Digest", "Digest hunter2");
    assertThat(basic + " " + bearer + " " + other)
        .contains("al", "Digest")
        .doesNotContain("hunter2", "YWw6");
  }

  @Test
  void header_names_are_case_insensitive_and_lines_keep_their_order() {
    Headers headers = Headers.empty().plus("X-A", "1").plus("x-b", "2").plus("x-a", "3");
    assertThat(headers.allValues("X-a")).containsExactly("1", "3");
    assertThat(headers.firstValue("X-B")).contains("2");
    assertThat(headers.filter(line -> line.value().equals("2")).lines()).hasSize(1);
  }

  @Test
  void a_cors_preflight_of_a_push_is_a_read() {
    var request = RequestFixture.push().step(GitRequest.Step.PREFLIGHT).request();
    assertThat(request.operation()).isEqualTo(Operation.READ);
    assertThat(RequestFixture.push().request().operation()).isEqualTo(Operation.WRITE);
  }
}
