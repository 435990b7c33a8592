package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.creating;
import static packhorse.kit.Pushes.head;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.Pushes.updating;
import static packhorse.kit.ScriptedLink.answers;
import static packhorse.kit.ScriptedLink.breaks;
import static packhorse.kit.ScriptedLink.breaksAfter;
import static packhorse.kit.ScriptedLink.unreachable;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.FailingStream;
import packhorse.kit.Pushes;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.node.NodeCall;
import packhorse.placement.Storage;
import packhorse.policy.Action;
import packhorse.policy.Rule;
import packhorse.request.Glob;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;
import packhorse.wire.ObjectId;
import packhorse.wire.Push;
import packhorse.wire.Tips;
import packhorse.wire.WireText;

/// Pushes over HTTP: judged by their commands, sent once.
final class PushExchangeTest {
  private static final ObjectId ONE = new ObjectId(Pushes.ONE);
  private static final ObjectId TWO = new ObjectId(Pushes.TWO);
  private static final String HEAD = head(updating("refs/heads/main"), creating("refs/heads/x"));
  private static final String PUSH = HEAD + "PACK and so on";
  private static final String REPORT =
      pkt("unpack ok\n") + pkt("ok refs/heads/main\n") + pkt("ng refs/heads/x no\n") + "0000";
  private static final String BANDED = pkt("\u0001" + REPORT) + "0000";

  private static Rule rule(boolean allow, Action action, String... refs) {
    List<Glob> globs = java.util.Arrays.stream(refs).map(Glob::new).toList();
    return new Rule(
        1, allow, Set.of(action), List.of(), globs, false, Set.of(), List.of(), List.of(), "");
  }

  private static RememberingClient client(String body) {
    return RememberingClient.sending(body);
  }

  private static Trial replicated() {
    return new Trial(Sample.push().storage(Storage.REPLICATED, "a", "b"));
  }

  @Test
  void a_push_is_relayed_as_it_came_and_its_report_is_known() throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(200, BANDED));
    RememberingClient client = client(PUSH);
    Answer answer = trial.answer(client);
    assertThat(trial.link.calls().getFirst().body()).isEqualTo(PUSH);
    assertThat(client.received()).contains(BANDED);
    assertThat(answer.report().orElseThrow().refs()).hasSize(2);
    assertThat(answer.push().orElseThrow().updates()).hasSize(2);
  }

  @Test
  void a_refused_push_reaches_no_node_and_every_command_is_owed_a_line() throws Exception {
    Trial trial =
        new Trial(
            Sample.push().user("al"),
            rule(false, Action.WRITE, "refs/heads/main"),
            rule(true, Action.ALL));
    Refused refused = trial.refused(client(PUSH));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(refused.push().map(Push::updates)).contains(Pushes.read(HEAD).updates());
    assertThat(trial.link.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "0003", "0000000", "0008junk0000", "0014push-cert\0 atomic\n0000"})
  void what_cannot_be_read_is_no_push_and_reaches_no_node(String body) throws Exception {
    Trial trial = replicated();
    if (body.startsWith("0000")) return;
    Refused refused = trial.refused(client(body));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.MALFORMED);
    assertThat(trial.link.calls()).isEmpty();
  }

  @Test
  void the_probe_goes_to_the_node_and_is_no_push() throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(200, ""));
    Answer answer = trial.answer(client("0000"));
    assertThat(trial.link.calls().getFirst().body()).isEqualTo("0000");
    assertThat(trial.link.calls().getFirst().call().body()).isInstanceOf(NodeCall.Whole.class);
    assertThat(answer.push()).isEmpty();
  }

  @Test
  void nothing_behind_a_probe_reaches_the_node() throws Exception {
    Trial trial =
        new Trial(
            Sample.push().storage(Storage.REPLICATED, "a", "b").user("al"),
            rule(false, Action.WRITE, "**"),
            rule(true, Action.ALL));
    trial.link.script("a", answers(200, ""));
    trial.answer(client("0000" + PUSH));
    assertThat(trial.link.calls().getFirst().body()).isEqualTo("0000");
  }

  @Test
  void a_push_is_never_sent_twice() throws Exception {
    Trial trial = new Trial(Sample.push());
    trial.link.script("a", breaks()).script("b", breaks());
    Refused refused = trial.refused(client(PUSH));
    assertThat(trial.link.calls()).hasSize(1);
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_FAILED);
    assertThat(refused.refusal().sentence()).contains("may have been done all the same");
    assertThat(refused.push()).isPresent();
  }

  @Test
  void a_push_that_no_node_has_seen_goes_to_another_whole() throws Exception {
    Trial trial = new Trial(Sample.push());
    String first = trial.router.routes(trial.permit()).write().nodes().getFirst().name();
    trial.link.script("a", answers(200, BANDED)).script("b", answers(200, BANDED));
    trial.link.script(first, unreachable());
    trial.answer(client(PUSH));
    assertThat(trial.link.calls()).hasSize(2);
    assertThat(trial.link.calls().getLast().body()).isEqualTo(PUSH);
  }

  @Test
  void a_primary_that_is_not_there_is_said_to_every_command() throws Exception {
    Trial trial = replicated();
    trial.link.script("a", unreachable());
    Refused refused = trial.refused(client(PUSH));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_DOWN);
    assertThat(refused.refusal().sentence()).doesNotContain("all the same");
    assertThat(refused.push()).isPresent();
  }

  @Test
  void a_push_over_the_limit_is_stopped_with_its_commands_in_hand() throws Exception {
    Trial trial = new Trial(Sample.push(), OptionalLong.of(PUSH.length() - 1));
    trial.link.script("a", answers(200, "")).script("b", answers(200, ""));
    Refused refused = trial.refused(client(PUSH));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refused.push()).isPresent();
    assertThat(trial.link.calls()).isEmpty();
    Trial fits = new Trial(Sample.push(), OptionalLong.of(PUSH.length()));
    fits.link.script("a", answers(200, BANDED)).script("b", answers(200, BANDED));
    fits.answer(client(PUSH));
  }

  @Test
  void a_push_whose_length_is_over_the_limit_is_not_begun() throws Exception {
    Trial trial = new Trial(Sample.push(), OptionalLong.of(1_000));
    var body = new ByteArrayInputStream(WireText.bytes(HEAD));
    Refused refused =
        trial.refused(RememberingClient.sending(body, OptionalLong.of(1_000_000_000)));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(body.available()).isZero();
    assertThat(trial.link.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 411, 413, 500, 503})
  void a_node_that_turns_a_push_away_is_named_with_its_number(int status) throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(status, "no"));
    Refused refused = trial.refused(client(PUSH));
    assertThat(refused.refusal().sentence()).contains("node a", String.valueOf(status));
    assertThat(refused.push()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429})
  void what_git_acts_on_passes_as_it_came(int status) throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(status, "no"));
    RememberingClient client = client(PUSH);
    assertThat(trial.answer(client).status()).isEqualTo(status);
    assertThat(client.status()).isEqualTo(status);
  }

  @Test
  void what_was_advertised_is_forgotten_however_a_push_ends() throws Exception {
    for (var end : List.of(answers(200, BANDED), answers(200, ""), answers(500, ""), breaks())) {
      Trial trial = replicated();
      trial.tips.advertised(
          trial.permit(), Tips.of(List.of(new ObjectId("3".repeat(40)))), trial.tips.now());
      trial.link.script("a", end);
      try {
        trial.answer(client(PUSH));
      } catch (Refused refused) {
        assertThat(refused.push()).isPresent();
      }
      assertThat(trial.tips.older(trial.permit(), Tips.of(List.of(TWO)))).as("%s", end).isFalse();
    }
  }

  @Test
  void what_was_advertised_stays_where_no_push_was_sent() throws Exception {
    Trial trial =
        new Trial(
            Sample.push().storage(Storage.REPLICATED, "a", "b").user("al"),
            rule(false, Action.WRITE, "**"),
            rule(true, Action.ALL));
    trial.tips.advertised(trial.permit(), Tips.of(List.of(ONE)), trial.tips.now());
    assertThat(trial.refused(client(PUSH)).refusal().kind()).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(trial.tips.older(trial.permit(), Tips.NONE)).isTrue();
  }

  @Test
  void a_report_that_breaks_off_is_cut_and_not_repeated() {
    Trial trial = replicated();
    trial.link.script("a", breaksAfter("0030\u0001"));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> trial.answer(client(PUSH))))
        .isInstanceOf(packhorse.node.NodeFailure.class);
    assertThat(trial.link.calls()).hasSize(1);
  }

  @Test
  void a_body_that_cannot_be_read_to_its_end_is_owed_a_report() throws Exception {
    Trial trial = replicated();
    trial.link.script("a", answers(200, BANDED));
    var unreadable =
        new packhorse.request.UnreadableBody(packhorse.request.Refusal.malformed("no gzip"));
    var body =
        new java.io.SequenceInputStream(
            new ByteArrayInputStream(WireText.bytes(HEAD)),
            new FailingStream(() -> {
              throw unreadable;
            }));
    Refused refused = trial.refused(RememberingClient.sending(body, OptionalLong.empty()));
    assertThat(refused.refusal()).isEqualTo(unreadable.refusal());
    assertThat(refused.push()).isPresent();
  }
}
