package packhorse.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What we say of what a client sent.
final class WordsOfOursTest {
  @Test
  void text_of_a_client_is_printable_and_short() {
    assertThat(Printable.of("a\u001b[2J\u202eb\u0000c\n")).isEqualTo("a?[2J?b?c?");
    assertThat(Printable.of("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(Printable.of("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
    assertThat(Printable.of("\ud83d\udc0e")).isEqualTo("\ud83d\udc0e");
  }

  @Test
  void a_refusal_is_one_line_whoever_wrote_it() {
    Refusal refusal = Refusal.notAllowed("ask the\nplatform\u001b[31m team", "rule\r\n2");
    assertThat(refusal.sentence()).isEqualTo("ask the platform?[31m team");
    assertThat(refusal.rule()).isEqualTo("rule? 2");
  }

  @Test
  void a_credential_prints_no_secret() {
    var basic = new Credential.Basic("al", "hunter2", "Basic YWw6aHVudGVyMg==");
    var bearer = new Credential.Bearer("hunter2", "Bearer hunter2");
    var other = new Credential.Other("Digest", "Digest hunter2");
    assertThat(basic + " " + bearer + " " + other)
        .contains("al", "Digest")
        .doesNotContain("hunter2", "YWw6");
  }

  @Test
  void header_names_have_no_case_and_lines_keep_their_order() {
    Headers headers = Headers.none().with("X-A", "1").with("x-b", "2").with("x-a", "3");
    assertThat(headers.all("X-a")).containsExactly("1", "3");
    assertThat(headers.first("X-B")).contains("2");
    assertThat(headers.only(line -> line.value().equals("2")).lines()).hasSize(1);
  }

  @Test
  void a_preflight_of_a_push_is_a_read() {
    var request = packhorse.kit.Sample.push().step(GitRequest.Step.PREFLIGHT).request();
    assertThat(request.operation()).isEqualTo(Operation.READ);
    assertThat(packhorse.kit.Sample.push().request().operation()).isEqualTo(Operation.WRITE);
  }
}
