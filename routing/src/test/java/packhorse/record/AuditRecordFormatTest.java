package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.Interruption;
import packhorse.identity.Principal;
import packhorse.kit.Pushes;
import packhorse.kit.RequestFixture;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.Route;
import packhorse.placement.Storage;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ObjectId;
import packhorse.wire.WireText;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;
import packhorse.wire.push.RefStatus;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writing outcomes as audit records.
final class AuditRecordFormatTest {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();
  private static final Credential BASIC =
      new Credential.Basic("al\u001b[31m", "hunter2", "Basic aHVudGVyMg==");

  private static JsonNode line(Outcome outcome) {
    String line = AuditRecordFormat.toJson(outcome.withDuration(Duration.ofMillis(7)));
    assertThat(line).doesNotContain("\n").matches("\\P{Cntrl}*");
    return JSON.readTree(line);
  }

  private static Outcome placedOutcome(RequestFixture fixture) {
    return Outcome.of(fixture.request()).withPlacement(fixture.placement());
  }

  private static Answer answer(AnswerResult result) {
    Route route = new Route(List.of(RequestFixture.node("a")), false, "write, primary");
    return new Answer(
        route,
        RequestFixture.node("a"),
        200,
        42,
        List.of(
            Attempt.failed(RequestFixture.node("b"), "node \"b\": x"),
            new Attempt(RequestFixture.node("c"), "node \"c\": status 200", true)),
        result,
        AnswerResult.ListAge.CURRENT,
        Optional.empty());
  }

  @Test
  void a_verified_name_is_the_user_and_an_unverified_one_is_claimed() {
    JsonNode user =
        line(
            placedOutcome(RequestFixture.fetch())
                .withPrincipal(new Principal.User("alice", "password")));
    assertThat(user.path("user").asString()).isEqualTo("alice");
    assertThat(user.path("by").asString()).isEqualTo("password");
    assertThat(user.has("claimed")).isFalse();
    JsonNode claimed =
        line(placedOutcome(RequestFixture.fetch()).withPrincipal(new Principal.Claimed("root\n")));
    assertThat(claimed.path("claimed").asString()).isEqualTo("roo…53175bcc");
    assertThat(claimed.has("user")).isFalse();
  }

  @Test
  void a_wrong_password_is_recorded_with_the_claimed_name() {
    Outcome refused =
        placedOutcome(RequestFixture.fetch().credential(BASIC))
            .withRefusal(Refusal.wrongCredential());
    JsonNode line = line(refused);
    assertThat(line.path("claimed").asString()).isEqualTo("al?…3f15c344");
    assertThat(line.path("outcome").asString()).isEqualTo("refused");
    assertThat(line.path("refusal").asString()).isEqualTo("wrong-credential");
    assertThat(line.has("user")).isFalse();
  }

  // Git sends its first request without a credential, whatever the user has configured.
  @Test
  void a_request_without_a_credential_that_is_asked_for_one_is_challenged_and_not_refused() {
    Outcome placed = placedOutcome(RequestFixture.fetch());
    JsonNode byProxy = line(placed.withRefusal(Refusal.noCredential()));
    assertThat(byProxy.path("outcome").asString()).isEqualTo("challenged");
    assertThat(byProxy.has("refusal")).isFalse();
    assertThat(byProxy.path("because").asString()).contains("needed here");
    JsonNode byNode = line(placed.withAnswer(answer(401)));
    assertThat(byNode.path("outcome").asString()).isEqualTo("challenged");
    Outcome withCredential = placedOutcome(RequestFixture.fetch().credential(BASIC));
    assertThat(line(withCredential.withAnswer(answer(401))).path("outcome").asString())
        .isEqualTo("answered");
  }

  private static Answer answer(int status) {
    Answer answer = answer(new AnswerResult.RefList());
    return new Answer(
        answer.route(),
        answer.node(),
        status,
        0,
        List.of(),
        answer.result(),
        answer.listAge(),
        Optional.empty());
  }

  // Some clients send a token in place of the user's name, or without the name of a scheme.
  @Test
  void no_name_that_nobody_verified_is_written_in_full() {
    String token = "ghs_0123456789abcdefghij";
    for (Credential shown :
        List.of(
            new Credential.Basic(token, "", "Basic x"), new Credential.OtherScheme(token, token))) {
      Outcome placed = placedOutcome(RequestFixture.fetch().credential(shown));
      String refused = line(placed.withRefusal(Refusal.wrongCredential())).toString();
      String claimed = line(placed.withPrincipal(new Principal.Claimed(token))).toString();
      assertThat(refused + claimed).doesNotContain(token, token.substring(0, 5));
    }
    assertThat(MaskedName.of(token)).isEqualTo(MaskedName.of(token)).startsWith("ghs…");
    assertThat(MaskedName.of("al")).startsWith("al…").isNotEqualTo(MaskedName.of("bo"));
  }

  @Test
  void a_push_is_recorded_with_its_commands_before_its_node_hears_of_it() {
    Push push = Pushes.parse(Pushes.commandList(Pushes.createCommand("refs/heads/new")));
    RequestFixture fixture = RequestFixture.push().user("al");
    JsonNode line = JSON.readTree(AuditRecordFormat.toBeginJson(fixture.permit(), push));
    assertThat(line.path("id").asString()).isEqualTo(fixture.request().arrival().id());
    assertThat(line.path("outcome").asString()).isEqualTo("begun");
    assertThat(line.path("user").asString()).isEqualTo("al");
    assertThat(line.path("refs").get(0).path("ref").asString()).isEqualTo("refs/heads/new");
  }

  @Test
  void no_record_contains_a_secret() {
    for (Credential shown :
        List.of(
            BASIC,
            new Credential.Bearer("hunter2", "Bearer hunter2"),
            new Credential.OtherScheme("X", "X hunter2"))) {
      RequestFixture fixture =
          RequestFixture.fetch().credential(shown).headers("Authorization: hunter2");
      String all = line(placedOutcome(fixture).withRefusal(Refusal.wrongCredential())).toString();
      assertThat(all).doesNotContain("hunter2", "aHVudGVyMg");
    }
  }

  @Test
  void a_response_is_recorded_with_its_node_and_the_failures_before_it() {
    RequestFixture fixture = RequestFixture.fetch();
    JsonNode line =
        line(
            placedOutcome(fixture)
                .withPrincipal(new Principal.Anonymous())
                .withPermit(fixture.permit())
                .withAnswer(answer(new AnswerResult.RefList())));
    assertThat(line.path("outcome").asString()).isEqualTo("answered");
    assertThat(line.path("node").asString()).isEqualTo("a");
    assertThat(line.path("route").asString()).isEqualTo("a (write, primary)");
    assertThat(line.path("bytes").asInt()).isEqualTo(42);
    assertThat(line.path("failures").get(0).asString()).isEqualTo("node \"b\": x");
    assertThat(line.path("failures").size()).isEqualTo(1);
    assertThat(line.path("lacking").get(0).asString()).isEqualTo("c");
    assertThat(line.path("rule").asString()).contains("node decides");
    assertThat(line.path("took_ms").asInt()).isEqualTo(7);
    assertThat(line.path("user").asString()).isEmpty();
  }

  @Test
  void a_request_that_is_permitted_and_then_refused_has_the_rule_of_the_refusal() {
    RequestFixture fixture = RequestFixture.fetch();
    Refusal refusal = Refusal.malformed("no flush");
    JsonNode line = line(placedOutcome(fixture).withPermit(fixture.permit()).withRefusal(refusal));
    assertThat(line.path("rule").asString()).isEqualTo(refusal.detail());
    assertThat(line.path("outcome").asString()).isEqualTo("refused");
  }

  @Test
  void a_fetch_is_recorded_with_what_was_wanted_and_the_size_of_its_pack() {
    List<ObjectId> wants =
        Stream.of("1", "2", "3", "4", "5").map(digit -> new ObjectId(digit.repeat(40))).toList();
    Answer answer =
        answer(new AnswerResult.Fetched(RequestFixture.clone(wants), 7, 1234, OptionalLong.of(56)));
    JsonNode line = line(placedOutcome(RequestFixture.fetch()).withAnswer(answer));
    assertThat(line.path("answer").asString()).isEqualTo("fetch");
    assertThat(line.path("dialect").asString()).isEqualTo("v2");
    assertThat(line.path("wants").size()).isEqualTo(3);
    assertThat(line.path("wants").get(0).asString()).isEqualTo("1".repeat(40));
    assertThat(line.path("wants_count").asInt()).isEqualTo(5);
    assertThat(line.path("haves_count").asInt()).isEqualTo(7);
    assertThat(line.path("depth").asString()).isEqualTo("3");
    assertThat(line.path("filter").asString()).isEqualTo("blob:none");
    assertThat(line.path("pack_bytes").asInt()).isEqualTo(1234);
    assertThat(line.path("pack_objects").asInt()).isEqualTo(56);
    assertThat(line.path("tried").asInt()).isEqualTo(3);
  }

  @Test
  void an_answer_that_its_node_ended_too_early_is_truncated_and_one_that_the_client_left_is_cut() {
    Node node = RequestFixture.node("a");
    Answer answer = answer(new AnswerResult.RefList());
    Outcome placed = placedOutcome(RequestFixture.fetch());
    JsonNode truncated =
        line(
            placed.withAnswer(
                answer.interruptedBy(Interruption.of(NodeFailure.truncatedResponse(node)))));
    assertThat(truncated.path("outcome").asString()).isEqualTo("truncated");
    assertThat(truncated.path("node").asString()).isEqualTo("a");
    assertThat(truncated.path("failure").asString())
        .isEqualTo("node \"a\": ended its response too early");
    JsonNode cut =
        line(
            placed.withAnswer(
                answer.interruptedBy(
                    Interruption.of(new ClientGoneException("left", new IOException())))));
    assertThat(cut.path("outcome").asString()).isEqualTo("cut");
    assertThat(cut.path("bytes").asInt()).isEqualTo(42);
  }

  @Test
  void what_may_lack_the_last_changes_is_recorded_with_the_reason() {
    RequestFixture replicated = RequestFixture.fetch().storage(Storage.REPLICATED, "b", "a");
    // Its node is the replica "a".
    Answer archive = answer(new AnswerResult.Archive());
    Answer list = answer(new AnswerResult.RefList());
    Answer pack =
        answer(
            new AnswerResult.Fetched(
                RequestFixture.clone(List.of(new ObjectId(Pushes.ID_1))),
                0,
                1,
                OptionalLong.of(1)));
    for (Answer old : List.of(archive, list)) {
      assertThat(line(placedOutcome(replicated).withAnswer(old)).path("may_be_old").asString())
          .contains("a replica answered");
    }
    assertThat(line(placedOutcome(replicated).withAnswer(pack)).has("may_be_old")).isFalse();
    assertThat(line(placedOutcome(RequestFixture.fetch()).withAnswer(list)).has("may_be_old"))
        .isFalse();
  }

  @Test
  void a_push_that_was_refused_is_recorded_with_its_refs() {
    Push push = Pushes.parse(Pushes.commandList(Pushes.createCommand("refs/heads/new")));
    JsonNode line =
        line(
            placedOutcome(RequestFixture.push())
                .withRefusal(new RefusalException(Refusal.readOnly("no"), push)));
    assertThat(line.path("refs").get(0).path("ref").asString()).isEqualTo("refs/heads/new");
    assertThat(line.path("refs").get(0).path("result").asString()).isEqualTo("refused");
    assertThat(line.path("refs_count").asInt()).isEqualTo(1);
  }

  @Test
  void a_push_whose_node_failed_is_recorded_with_its_refs_whatever_the_client_had_by_then() {
    Push push = Pushes.parse(Pushes.commandList(Pushes.createCommand("refs/heads/new")));
    Outcome failed =
        placedOutcome(RequestFixture.push())
            .withRefusal(new RefusalException(Refusal.nodeFailed("failed"), push));
    Interruption cut =
        Interruption.of(new NodeFailure(RequestFixture.node("a"), true, "reset", null));
    Outcome afterList = failed.withAnswer(answer(new AnswerResult.RefList()).interruptedBy(cut));
    for (Outcome outcome : List.of(failed, afterList)) {
      JsonNode ref = line(outcome).path("refs").get(0);
      assertThat(ref.path("ref").asString()).isEqualTo("refs/heads/new");
      assertThat(ref.path("result").asString()).isEqualTo("unknown");
    }
  }

  @Test
  void every_ref_of_a_push_is_recorded_with_its_result() {
    String umlaut = WireText.ofUnicode("refs/heads/ü");
    Push push =
        Pushes.parse(
            Pushes.commandList(
                Pushes.updateCommand("refs/heads/main"),
                Pushes.createCommand(umlaut),
                Pushes.deleteCommand("refs/heads/old")));
    PushReport report =
        new PushReport(
            "ok",
            List.of(RefStatus.ok("refs/heads/main"), RefStatus.ng(umlaut, "hook\u001b declined")));
    JsonNode refs =
        line(placedOutcome(RequestFixture.push())
                .withAnswer(answer(new AnswerResult.Pushed(push, Optional.of(report)))))
            .path("refs");
    assertThat(refs.get(0).path("result").asString()).isEqualTo("ok");
    assertThat(refs.get(0).path("change").asString()).isEqualTo("update");
    assertThat(refs.get(1).path("ref").asString()).isEqualTo("refs/heads/ü");
    assertThat(refs.get(1).path("result").asString()).isEqualTo("ng hook? declined");
    assertThat(refs.get(2).path("change").asString()).isEqualTo("delete");
    assertThat(refs.get(2).path("result").asString()).isEqualTo("unknown");
  }

  // Each of these pairs would look the same if bytes were decoded or replaced.
  @Test
  void ref_names_that_are_not_utf_8_are_recorded_without_loss() {
    List<String> names =
        List.of(
            WireText.ofUnicode("refs/heads/é"),
            "refs/heads/\u00e9",
            "refs/heads/\u0081",
            "refs/heads/\u0082",
            "refs/heads/\\xe9",
            "refs/heads/" + "\u00e9".repeat(250) + "a",
            "refs/heads/" + "\u00e9".repeat(250) + "b");
    List<String> recorded =
        names.stream()
            .map(name -> Pushes.parse(Pushes.commandList(Pushes.createCommand(name))))
            .map(push -> new RefusalException(Refusal.readOnly("no"), push))
            .map(refusal -> line(placedOutcome(RequestFixture.push()).withRefusal(refusal)))
            .map(line -> line.path("refs").get(0).path("ref").asString())
            .toList();
    assertThat(recorded).doesNotHaveDuplicates();
    assertThat(recorded.subList(0, 5))
        .containsExactly(
            "refs/heads/é",
            "refs/heads/\\xe9",
            "refs/heads/\\x81",
            "refs/heads/\\x82",
            "refs/heads/\\\\xe9");
  }

  @Test
  void a_request_without_a_complete_response_is_cut() {
    assertThat(line(placedOutcome(RequestFixture.fetch())).path("outcome").asString())
        .isEqualTo("cut");
    assertThat(
            line(placedOutcome(RequestFixture.fetch()).withFailure("gone"))
                .path("failure")
                .asString())
        .isEqualTo("gone");
  }

  @Test
  void a_request_that_could_not_be_parsed_has_a_record() {
    JsonNode line =
        line(
            Outcome.of(RequestFixture.fetch().arrival()).withRefusal(Refusal.malformed("no path")));
    assertThat(line.path("id").asString()).isEqualTo("abcdefghjkmn");
    assertThat(line.path("from").asString()).isEqualTo("192.0.2.7");
    assertThat(line.path("because").asString()).isEqualTo("no path");
  }
}
