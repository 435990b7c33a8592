package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.exchange.Answer;
import packhorse.identity.Principal;
import packhorse.kit.Pushes;
import packhorse.kit.Sample;
import packhorse.node.Route;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.wire.Push;
import packhorse.wire.PushReport;
import packhorse.wire.RefStatus;
import packhorse.wire.WireText;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One outcome as one line.
final class AuditRecordTest {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();
  private static final Credential BASIC =
      new Credential.Basic("al\u001b[31m", "hunter2", "Basic aHVudGVyMg==");

  private static JsonNode line(Outcome outcome) {
    String line = AuditRecord.of(outcome.ended(Duration.ofMillis(7)));
    assertThat(line).doesNotContain("\n").matches("\\P{Cntrl}*");
    return JSON.readTree(line);
  }

  private static Outcome placed(Sample sample) {
    return Outcome.of(sample.request()).placed(sample.placement());
  }

  private static Answer answer(Optional<Push> push, Optional<PushReport> report) {
    Route route = new Route(List.of(Sample.node("a")), false, "write, primary");
    return new Answer(route, Sample.node("a"), 200, 42, List.of("node \"b\": x"), push, report);
  }

  @Test
  void a_checked_name_is_the_user_and_an_unchecked_one_is_claimed() {
    JsonNode user =
        line(placed(Sample.fetch()).identified(new Principal.User("alice", "password")));
    assertThat(user.path("user").asString()).isEqualTo("alice");
    assertThat(user.path("by").asString()).isEqualTo("password");
    assertThat(user.has("claimed")).isFalse();
    JsonNode claimed = line(placed(Sample.fetch()).identified(new Principal.Claimed("root\n")));
    assertThat(claimed.path("claimed").asString()).isEqualTo("root?");
    assertThat(claimed.has("user")).isFalse();
  }

  @Test
  void a_wrong_password_is_recorded_under_the_name_that_it_claimed() {
    Outcome refused = placed(Sample.fetch().credential(BASIC)).refused(Refusal.wrongCredential());
    JsonNode line = line(refused);
    assertThat(line.path("claimed").asString()).isEqualTo("al?[31m");
    assertThat(line.path("outcome").asString()).isEqualTo("refused");
    assertThat(line.path("refusal").asString()).isEqualTo("wrong-credential");
    assertThat(line.has("user")).isFalse();
  }

  @Test
  void no_secret_is_in_any_record() {
    for (Credential shown :
        List.of(
            BASIC,
            new Credential.Bearer("hunter2", "Bearer hunter2"),
            new Credential.Other("X", "X hunter2"))) {
      Sample sample = Sample.fetch().credential(shown).headers("Authorization: hunter2");
      String all = line(placed(sample).refused(Refusal.wrongCredential())).toString();
      assertThat(all).doesNotContain("hunter2", "aHVudGVyMg");
    }
  }

  @Test
  void an_answer_says_who_gave_it_and_what_failed_before() {
    Sample sample = Sample.fetch();
    JsonNode line =
        line(
            placed(sample)
                .identified(new Principal.Anonymous())
                .permitted(sample.permit())
                .answered(answer(Optional.empty(), Optional.empty())));
    assertThat(line.path("outcome").asString()).isEqualTo("answered");
    assertThat(line.path("node").asString()).isEqualTo("a");
    assertThat(line.path("route").asString()).isEqualTo("a (write, primary)");
    assertThat(line.path("bytes").asInt()).isEqualTo(42);
    assertThat(line.path("failures").get(0).asString()).isEqualTo("node \"b\": x");
    assertThat(line.path("rule").asString()).contains("node decides");
    assertThat(line.path("took_ms").asInt()).isEqualTo(7);
    assertThat(line.path("user").asString()).isEmpty();
  }

  @Test
  void what_is_permitted_and_then_refused_has_the_rule_of_the_refusal() {
    Sample sample = Sample.fetch();
    Refusal no = Refusal.malformed("no flush");
    JsonNode line = line(placed(sample).permitted(sample.permit()).refused(no));
    assertThat(line.path("rule").asString()).isEqualTo(no.rule());
    assertThat(line.path("outcome").asString()).isEqualTo("refused");
  }

  @Test
  void every_ref_of_a_push_is_named_with_what_became_of_it() {
    String umlaut = WireText.ofUnicode("refs/heads/ü");
    Push push =
        Pushes.read(
            Pushes.head(
                Pushes.updating("refs/heads/main"),
                Pushes.creating(umlaut),
                Pushes.deleting("refs/heads/old")));
    PushReport report =
        new PushReport(
            "ok",
            List.of(
                RefStatus.ok("refs/heads/main"), RefStatus.refused(umlaut, "hook\u001b declined")));
    JsonNode refs =
        line(placed(Sample.push()).answered(answer(Optional.of(push), Optional.of(report))))
            .path("refs");
    assertThat(refs.get(0).path("result").asString()).isEqualTo("ok");
    assertThat(refs.get(0).path("change").asString()).isEqualTo("update");
    assertThat(refs.get(1).path("ref").asString()).isEqualTo("refs/heads/ü");
    assertThat(refs.get(1).path("result").asString()).isEqualTo("ng hook? declined");
    assertThat(refs.get(2).path("change").asString()).isEqualTo("delete");
    assertThat(refs.get(2).path("result").asString()).isEqualTo("unknown");
  }

  @Test
  void a_request_that_nobody_finished_is_cut() {
    assertThat(line(placed(Sample.fetch())).path("outcome").asString()).isEqualTo("cut");
    assertThat(line(placed(Sample.fetch()).failed("gone")).path("failure").asString())
        .isEqualTo("gone");
  }

  @Test
  void what_could_not_be_read_has_a_record_too() {
    JsonNode line =
        line(Outcome.of(Sample.fetch().arrival()).refused(Refusal.malformed("no path")));
    assertThat(line.path("id").asString()).isEqualTo("abcdefghjkmn");
    assertThat(line.path("from").asString()).isEqualTo("192.0.2.7");
    assertThat(line.path("because").asString()).isEqualTo("no path");
  }
}
