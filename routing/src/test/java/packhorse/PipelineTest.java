package packhorse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import packhorse.exchange.Exchanges;
import packhorse.exchange.call.NodeIdentity;
import packhorse.identity.Authenticator;
import packhorse.identity.FailedLoginLimit;
import packhorse.identity.UserDirectory;
import packhorse.kit.FailingInputStream;
import packhorse.kit.FakeTicker;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.memory.MemoryBudget;
import packhorse.node.AdvertisedTips;
import packhorse.node.ClientGoneException;
import packhorse.node.HealthThresholds;
import packhorse.node.Nodes;
import packhorse.placement.RepositoryLocator;
import packhorse.policy.Policy;
import packhorse.record.Outcome;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.UnreadableBodyException;

/// Serving a request: the client is sent one response or refusal, and one outcome is recorded.
final class PipelineTest {
  private static final String LS_REFS = "0014command=ls-refs\n0000";

  private final FakeTicker ticker = new FakeTicker();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final ScriptedLink link = new ScriptedLink();
  private RequestFixture fixture = RequestFixture.fetch();

  private Pipeline pipeline() {
    var thresholds = new HealthThresholds(3, 2, Duration.ZERO, Optional.empty());
    var nodes = new Nodes(fixture.poolNodes(), pool -> thresholds, ticker);
    var tips = new AdvertisedTips();
    var users = new UserDirectory(List.of());
    var policy = new Policy(List.of());
    var settings =
        new Exchanges.ExchangeSettings(
            Map.of("main", new NodeIdentity.Nobody()),
            OptionalLong.empty(),
            OptionalLong.empty(),
            RequestFixture.visitorCookie(),
            RequestFixture.SPILL_FOLDER,
            new MemoryBudget(64 << 20),
            Duration.ofSeconds(5));
    return new Pipeline(
        new Pipeline.Stages(
            new RepositoryLocator(
                List.of(RequestFixture.site()), List.of(fixture.pool()), List.of(), Map.of()),
            users,
            new Authenticator(users, FailedLoginLimit.none()),
            policy,
            RequestFixture.router(nodes, tips),
            new Exchanges(link, nodes, tips, policy, (permit, push) -> {}, settings),
            outcomes::add),
        ticker);
  }

  private Outcome serve(RecordingClient client) {
    pipeline().serve(fixture.request(), client);
    assertThat(outcomes).hasSize(1);
    assertThat(link.allResponsesClosed()).isTrue();
    return outcomes.getFirst();
  }

  @Test
  void an_answered_request_has_one_outcome_with_the_result_of_every_stage() {
    link.script("a", ScriptedLink.responds(200, "0000"))
        .script("b", ScriptedLink.responds(200, ""));
    var client = RecordingClient.withBody(LS_REFS);
    Outcome outcome = serve(client);
    assertThat(outcome.result()).isEqualTo("answered");
    assertThat(outcome.placement()).isPresent();
    assertThat(outcome.principal()).isPresent();
    assertThat(outcome.permit()).isPresent();
    assertThat(outcome.answer())
        .hasValueSatisfying(answer -> assertThat(answer.bytes()).isEqualTo(4));
    assertThat(client.refusals()).isEmpty();
    assertThat(client.receivedBody()).contains("0000");
  }

  @Test
  void a_refused_request_gets_one_refusal_and_has_one_outcome() {
    fixture = fixture.authority(Optional.of("evil.test"));
    var client = RecordingClient.withBody(LS_REFS);
    Outcome outcome = serve(client);
    assertThat(outcome.result()).isEqualTo("refused");
    assertThat(client.refusals()).extracting(Refusal::kind).containsExactly(Kind.NO_SUCH_SITE);
    assertThat(outcome.placement()).isEmpty();
    assertThat(link.requests()).isEmpty();
  }

  @Test
  void a_request_whose_client_disconnects_is_cut_and_gets_no_refusal() {
    var client =
        RecordingClient.withBody(
            failing(new ClientGoneException("gone", new IOException("reset"))),
            OptionalLong.empty());
    Outcome outcome = serve(client);
    assertThat(outcome.result()).isEqualTo("cut");
    assertThat(outcome.failure()).contains("gone");
    assertThat(client.refusals()).isEmpty();
  }

  @Test
  void an_unreadable_body_is_refused_with_the_refusal_of_its_exception() {
    Refusal tooLarge = Refusal.tooLarge("the request", "the limit");
    var client =
        RecordingClient.withBody(
            failing(new UnreadableBodyException(tooLarge)), OptionalLong.empty());
    Outcome outcome = serve(client);
    assertThat(outcome.refusal()).contains(tooLarge);
    assertThat(client.refusals()).containsExactly(tooLarge);
  }

  @Test
  void a_response_that_the_node_breaks_off_is_truncated() {
    link.script("a", ScriptedLink.truncatesAfter("0008NAK\n"));
    link.script("b", ScriptedLink.truncatesAfter("0008NAK\n"));
    Outcome outcome = serve(RecordingClient.withBody(LS_REFS));
    assertThat(outcome.result()).isEqualTo("truncated");
    assertThat(outcome.answer().orElseThrow().node().name()).isIn("a", "b");
    assertThat(outcome.failure().orElseThrow()).contains("cut off");
  }

  @Test
  void an_unexpected_exception_gets_one_refusal_and_has_one_outcome() {
    var client =
        RecordingClient.withBody(
            new FailingInputStream(() -> {
              throw new IllegalStateException("a fault\nin a front");
            }),
            OptionalLong.empty());
    Outcome outcome = serve(client);
    assertThat(outcome.result()).isEqualTo("refused");
    assertThat(client.refusals()).extracting(Refusal::kind).containsExactly(Kind.INTERNAL);
    assertThat(client.refusals().getFirst().message()).doesNotContain("fault");
    assertThat(outcome.refusal().orElseThrow().detail()).contains("a fault in a front");
  }

  @Test
  void a_request_that_could_not_be_parsed_has_an_outcome() {
    var client = RecordingClient.withBody("");
    pipeline().refuse(fixture.request().arrival(), Refusal.malformed("no"), client);
    assertThat(client.refusals()).hasSize(1);
    assertThat(outcomes).extracting(Outcome::result).containsExactly("refused");
    assertThat(outcomes.getFirst().request()).isEmpty();
  }

  @Test
  void a_password_sent_in_cleartext_reaches_no_node() {
    fixture =
        fixture
            .client("192.0.2.7", false)
            .credential(new Credential.Basic("al", "secret", "Basic YWw6c2VjcmV0"));
    var client = RecordingClient.withBody(LS_REFS);
    serve(client);
    assertThat(client.refusals()).extracting(Refusal::kind).containsExactly(Kind.IN_CLEAR);
    assertThat(link.requests()).isEmpty();
  }

  private static InputStream failing(IOException failure) {
    return new FailingInputStream(() -> {
      throw failure;
    });
  }
}
