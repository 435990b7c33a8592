package packhorse.exchange.push;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.exchange.ExchangeScene.listOfMain;
import static packhorse.kit.Pushes.commandList;
import static packhorse.kit.Pushes.createCommand;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.Pushes.updateCommand;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.resetsConnection;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import java.io.ByteArrayInputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.Interruption;
import packhorse.kit.FailingInputStream;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.NodeRequest;
import packhorse.node.tips.ShownList;
import packhorse.placement.Storage;
import packhorse.policy.Action;
import packhorse.policy.PolicyRule;
import packhorse.request.GitRequest;
import packhorse.request.Glob;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.request.UnreadableBodyException;
import packhorse.wire.ObjectId;
import packhorse.wire.WireText;
import packhorse.wire.push.Push;
import packhorse.wire.refs.RefTips;

/// Pushes over HTTP: the policy checks their commands, and they are sent at most once.
final class StatelessPushTest {
  private static final ObjectId ONE = new ObjectId(Pushes.ID_1);
  private static final ObjectId TWO = new ObjectId(Pushes.ID_2);
  private static final String COMMANDS =
      commandList(updateCommand("refs/heads/main"), createCommand("refs/heads/x"));
  private static final String PUSH = COMMANDS + "PACK and so on";
  private static final String REPORT =
      pkt("unpack ok\n") + pkt("ok refs/heads/main\n") + pkt("ng refs/heads/x no\n") + "0000";
  private static final String SIDE_BAND_REPORT = pkt("\u0001" + REPORT) + "0000";

  private static PolicyRule rule(boolean allow, Action action, String... refs) {
    List<Glob> globs = Arrays.stream(refs).map(Glob::new).toList();
    return new PolicyRule(
        1, allow, Set.of(action), List.of(), globs, false, Set.of(), List.of(), List.of(), "");
  }

  private static RecordingClient client(String body) {
    return RecordingClient.withBody(body);
  }

  private static ExchangeScene replicated() {
    return new ExchangeScene(RequestFixture.push().storage(Storage.REPLICATED, "a", "b"));
  }

  @Test
  void that_a_repository_is_read_only_is_told_once_the_node_has_accepted_the_client()
      throws Exception {
    RequestFixture frozen = RequestFixture.push().nodes("a").readOnly("the archive is frozen");
    for (GitRequest.Step step : List.of(GitRequest.Step.ADVERTISEMENT, GitRequest.Step.EXCHANGE)) {
      ExchangeScene scene = new ExchangeScene(frozen.step(step));
      scene.link.script(
          "a", responds(401, "who?", "WWW-Authenticate: Basic"), responds(200, "0000"));
      RecordingClient stranger = client(PUSH);
      assertThat(scene.answer(stranger).status()).isEqualTo(401);
      assertThat(stranger.headers().firstValue("WWW-Authenticate")).contains("Basic");
      RefusalException refused = scene.refusal(client(PUSH));
      assertThat(refused.refusal().message()).isEqualTo("the archive is frozen");
      assertThat(refused.push().isPresent()).isEqualTo(step == GitRequest.Step.EXCHANGE);
      assertThat(scene.link.requests())
          .allMatch(request -> request.request().target().endsWith("service=git-receive-pack"));
      assertThat(scene.link.allResponsesClosed()).isTrue();
    }
  }

  // The placement of an archive may have only replicas.
  @Test
  void a_read_only_placement_needs_no_primary() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(
            RequestFixture.push().storage(Storage.REPLICATED, "a", "b").readOnly("frozen"));
    scene.link.script("b", responds(200, "0000"));
    for (int i = 0; i < 3; i++)
      scene.nodes.health(RequestFixture.node("a")).requestFailed("down", false);
    assertThat(scene.refusal(client(PUSH)).refusal().kind()).isEqualTo(Kind.READ_ONLY);
  }

  @Test
  void a_push_is_forwarded_unchanged_and_its_report_is_parsed() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, SIDE_BAND_REPORT));
    RecordingClient client = client(PUSH);
    Answer answer = scene.answer(client);
    assertThat(scene.link.requests().getFirst().body()).isEqualTo(PUSH);
    assertThat(client.receivedBody()).contains(SIDE_BAND_REPORT);
    var pushed = (AnswerResult.Pushed) answer.result();
    assertThat(pushed.report().orElseThrow().refStatuses()).hasSize(2);
    assertThat(pushed.push().updates()).hasSize(2);
  }

  @Test
  void a_refused_push_reaches_no_node_and_the_refusal_carries_its_commands() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(
            RequestFixture.push().user("al"),
            rule(false, Action.WRITE, "refs/heads/main"),
            rule(true, Action.ALL));
    RefusalException refused = scene.refusal(client(PUSH));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(refused.push().map(Push::updates)).contains(Pushes.parse(COMMANDS).updates());
    assertThat(scene.link.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "0003", "0000000", "0008junk0000", "0014push-cert\0 atomic\n0000"})
  void a_malformed_push_reaches_no_node(String body) throws Exception {
    ExchangeScene scene = replicated();
    if (body.startsWith("0000")) return;
    RefusalException refused = scene.refusal(client(body));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.MALFORMED);
    assertThat(scene.link.requests()).isEmpty();
  }

  @Test
  void an_empty_probe_is_forwarded_and_is_not_a_push() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, ""));
    Answer answer = scene.answer(client("0000"));
    assertThat(scene.link.requests().getFirst().body()).isEqualTo("0000");
    assertThat(scene.link.requests().getFirst().request().body())
        .isInstanceOf(NodeRequest.BufferedBody.class);
    assertThat(answer.result()).isInstanceOf(AnswerResult.Other.class);
  }

  @Test
  void nothing_after_an_empty_probe_reaches_the_node() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(
            RequestFixture.push().storage(Storage.REPLICATED, "a", "b").user("al"),
            rule(false, Action.WRITE, "**"),
            rule(true, Action.ALL));
    scene.link.script("a", responds(200, ""));
    scene.answer(client("0000" + PUSH));
    assertThat(scene.link.requests().getFirst().body()).isEqualTo("0000");
  }

  @Test
  void a_push_is_never_sent_twice() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.push());
    scene.link.script("a", resetsConnection()).script("b", resetsConnection());
    RefusalException refused = scene.refusal(client(PUSH));
    assertThat(scene.link.requests()).hasSize(1);
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_FAILED);
    assertThat(refused.refusal().message()).contains("may have been applied all the same");
    assertThat(refused.push()).isPresent();
  }

  @Test
  void a_push_of_which_nothing_was_sent_goes_completely_to_another_node() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.push());
    String first = scene.router.routes(scene.permit()).write().nodes().getFirst().name();
    scene
        .link
        .script("a", responds(200, SIDE_BAND_REPORT))
        .script("b", responds(200, SIDE_BAND_REPORT));
    scene.link.script(first, refusesConnection());
    scene.answer(client(PUSH));
    assertThat(scene.link.requests()).hasSize(2);
    assertThat(scene.link.requests().getLast().body()).isEqualTo(PUSH);
  }

  @Test
  void an_unreachable_primary_is_reported_for_every_command() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", refusesConnection());
    RefusalException refused = scene.refusal(client(PUSH));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_DOWN);
    assertThat(refused.refusal().message()).doesNotContain("all the same");
    assertThat(refused.push()).isPresent();
  }

  @Test
  void a_push_over_the_limit_is_stopped_and_the_refusal_carries_its_commands() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(RequestFixture.push(), OptionalLong.of(PUSH.length() - 1));
    scene.link.script("a", responds(200, "")).script("b", responds(200, ""));
    RefusalException refused = scene.refusal(client(PUSH));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refused.push()).isPresent();
    assertThat(scene.link.requests()).isEmpty();
    ExchangeScene fits = new ExchangeScene(RequestFixture.push(), OptionalLong.of(PUSH.length()));
    fits.link
        .script("a", responds(200, SIDE_BAND_REPORT))
        .script("b", responds(200, SIDE_BAND_REPORT));
    fits.answer(client(PUSH));
  }

  @Test
  void a_push_whose_content_length_is_over_the_limit_is_not_sent() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.push(), OptionalLong.of(1_000));
    var body = new ByteArrayInputStream(WireText.bytes(COMMANDS));
    RefusalException refused =
        scene.refusal(RecordingClient.withBody(body, OptionalLong.of(1_000_000_000)));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(body.available()).isZero();
    assertThat(scene.link.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 411, 413, 500, 503})
  void a_refusal_of_a_push_by_a_node_names_the_node_and_its_status(int status) throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(status, "no"));
    RefusalException refused = scene.refusal(client(PUSH));
    assertThat(refused.refusal().message()).contains("node a", String.valueOf(status));
    assertThat(refused.push()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429})
  void a_status_that_git_handles_is_forwarded_unchanged(int status) throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(status, "no"));
    RecordingClient client = client(PUSH);
    assertThat(scene.answer(client).status()).isEqualTo(status);
    assertThat(client.status()).isEqualTo(status);
  }

  private static void show(ExchangeScene scene, ObjectId tip) throws RefusalException {
    scene.tips.record(
        scene.asker(), new ShownList(listOfMain(tip), scene.tips.nextOrder(), true, true));
  }

  @Test
  void recorded_tips_are_invalidated_however_a_push_ends() throws Exception {
    for (var end :
        List.of(
            responds(200, SIDE_BAND_REPORT),
            responds(200, ""),
            responds(500, ""),
            resetsConnection())) {
      ExchangeScene scene = replicated();
      show(scene, new ObjectId("3".repeat(40)));
      scene.link.script("a", end);
      try {
        scene.answer(client(PUSH));
      } catch (RefusalException refused) {
        assertThat(refused.push()).isPresent();
      }
      assertThat(scene.tips.staleness(scene.asker(), listOfMain(TWO)).isStale())
          .as("%s", end)
          .isFalse();
    }
  }

  @Test
  void what_an_earlier_push_changed_stays_known_however_a_later_push_ends() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, SIDE_BAND_REPORT), resetsConnection());
    scene.answer(client(PUSH));
    scene.refusal(client(commandList(createCommand("refs/heads/y")) + "PACK and so on"));
    assertThat(scene.tips.staleness(scene.asker(), listOfMain(ONE)).isStale()).isTrue();
    assertThat(scene.tips.staleness(scene.asker(), listOfMain(TWO)).isStale()).isFalse();
  }

  // The client may read, and a node may fail, as soon as the client has the report.
  @Test
  void a_push_is_known_before_its_client_has_the_whole_report() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", truncatesAfter(SIDE_BAND_REPORT));
    scene.answer(client(PUSH));
    assertThat(scene.tips.staleness(scene.asker(), listOfMain(ONE)).isStale()).isTrue();
  }

  @Test
  void recorded_tips_stay_if_no_push_was_sent() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(
            RequestFixture.push().storage(Storage.REPLICATED, "a", "b").user("al"),
            rule(false, Action.WRITE, "**"),
            rule(true, Action.ALL));
    show(scene, ONE);
    assertThat(scene.refusal(client(PUSH)).refusal().kind()).isEqualTo(Kind.NOT_ALLOWED);
    assertThat(scene.tips.staleness(scene.asker(), RefTips.EMPTY).isStale()).isTrue();
  }

  @Test
  void a_truncated_report_is_not_completed_and_the_push_is_not_repeated() throws Exception {
    for (ScriptedLink.Step truncated :
        List.of(truncatesAfter("0030\u0001"), responds(200, "0030\u0001"))) {
      ExchangeScene scene = replicated();
      scene.link.script("a", truncated);
      Answer answer = scene.answer(client(PUSH));
      assertThat(answer.interruption().filter(Interruption::isTruncation)).isPresent();
      assertThat(scene.link.requests()).hasSize(1);
    }
  }

  @Test
  void a_push_whose_body_is_unreadable_after_its_commands_gets_a_report() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, SIDE_BAND_REPORT));
    var unreadable = new UnreadableBodyException(Refusal.malformed("no gzip"));
    var body =
        new SequenceInputStream(
            new ByteArrayInputStream(WireText.bytes(COMMANDS)),
            new FailingInputStream(() -> {
              throw unreadable;
            }));
    RefusalException refused = scene.refusal(RecordingClient.withBody(body, OptionalLong.empty()));
    assertThat(refused.refusal()).isEqualTo(unreadable.refusal());
    assertThat(refused.push()).isPresent();
  }
}
