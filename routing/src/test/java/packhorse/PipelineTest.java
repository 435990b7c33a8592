package packhorse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import packhorse.exchange.ActAs;
import packhorse.exchange.Exchanges;
import packhorse.identity.Directory;
import packhorse.identity.Identities;
import packhorse.kit.FailingStream;
import packhorse.kit.Nanos;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.kit.ScriptedLink;
import packhorse.node.AdvertisedTips;
import packhorse.node.ClientGone;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.node.Thresholds;
import packhorse.placement.Locator;
import packhorse.policy.Policy;
import packhorse.record.Outcome;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.UnreadableBody;

/// One request in, one answer and one outcome out, however it goes.
final class PipelineTest {
  private static final String LS_REFS = "0014command=ls-refs\n0000";

  private final Nanos nanos = new Nanos();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final ScriptedLink link = new ScriptedLink();
  private Sample sample = Sample.fetch();

  private Pipeline pipeline() {
    var thresholds = new Thresholds(3, 2, Duration.ZERO, java.util.Optional.empty());
    var nodes = new Nodes(sample.machines(), pool -> thresholds, nanos);
    var tips = new AdvertisedTips();
    var directory = new Directory(List.of());
    var policy = new Policy(List.of());
    var terms =
        new Exchanges.Terms(
            Map.of("main", new ActAs.Nobody()),
            OptionalLong.empty(),
            Sample.SPOOLS,
            Duration.ofSeconds(5));
    return new Pipeline(
        new Pipeline.Stages(
            new Locator(List.of(Sample.site()), List.of(sample.pool()), List.of(), Map.of()),
            directory,
            new Identities(directory),
            policy,
            new Router(nodes, tips),
            new Exchanges(link, nodes, tips, policy, terms),
            outcomes::add),
        nanos);
  }

  private Outcome served(RememberingClient client) {
    pipeline().serve(sample.request(), client);
    assertThat(outcomes).hasSize(1);
    assertThat(link.allClosed()).isTrue();
    return outcomes.getFirst();
  }

  @Test
  void an_answered_request_has_one_outcome_that_knows_every_stage() {
    link.script("a", ScriptedLink.answers(200, "0000")).script("b", ScriptedLink.answers(200, ""));
    var client = RememberingClient.sending(LS_REFS);
    Outcome outcome = served(client);
    assertThat(outcome.word()).isEqualTo("answered");
    assertThat(outcome.placement()).isPresent();
    assertThat(outcome.principal()).isPresent();
    assertThat(outcome.permit()).isPresent();
    assertThat(outcome.answer())
        .hasValueSatisfying(answer -> assertThat(answer.bytes()).isEqualTo(4));
    assertThat(client.refusals()).isEmpty();
    assertThat(client.received()).contains("0000");
  }

  @Test
  void a_refused_request_is_told_so_once_and_has_one_outcome() {
    sample = sample.calledAs(java.util.Optional.of("evil.test"));
    var client = RememberingClient.sending(LS_REFS);
    Outcome outcome = served(client);
    assertThat(outcome.word()).isEqualTo("refused");
    assertThat(client.refusals()).extracting(Refusal::kind).containsExactly(Kind.NO_SUCH_SITE);
    assertThat(outcome.placement()).isEmpty();
    assertThat(link.calls()).isEmpty();
  }

  @Test
  void a_client_that_goes_away_is_cut_and_told_nothing() {
    var client =
        RememberingClient.sending(
            failing(new ClientGone("gone", new IOException("reset"))), OptionalLong.empty());
    Outcome outcome = served(client);
    assertThat(outcome.word()).isEqualTo("cut");
    assertThat(outcome.failure()).contains("gone");
    assertThat(client.refusals()).isEmpty();
  }

  @Test
  void a_body_that_cannot_be_read_is_refused_in_its_own_words() {
    Refusal tooLarge = Refusal.tooLarge("the request", "the limit");
    var client =
        RememberingClient.sending(failing(new UnreadableBody(tooLarge)), OptionalLong.empty());
    Outcome outcome = served(client);
    assertThat(outcome.refusal()).contains(tooLarge);
    assertThat(client.refusals()).containsExactly(tooLarge);
  }

  @Test
  void an_answer_that_a_node_breaks_off_is_cut() {
    link.script("a", ScriptedLink.breaksAfter("0008NAK\n"));
    link.script("b", ScriptedLink.breaksAfter("0008NAK\n"));
    Outcome outcome = served(RememberingClient.sending(LS_REFS));
    assertThat(outcome.word()).isEqualTo("cut");
    assertThat(outcome.failure().orElseThrow()).contains("cut off");
  }

  @Test
  void a_fault_of_our_own_is_answered_and_recorded_once() {
    var client =
        RememberingClient.sending(
            new FailingStream(() -> {
              throw new IllegalStateException("a fault\nin a front");
            }),
            OptionalLong.empty());
    Outcome outcome = served(client);
    assertThat(outcome.word()).isEqualTo("refused");
    assertThat(client.refusals()).extracting(Refusal::kind).containsExactly(Kind.INTERNAL);
    assertThat(client.refusals().getFirst().sentence()).doesNotContain("fault");
    assertThat(outcome.refusal().orElseThrow().rule()).contains("a fault in a front");
  }

  @Test
  void what_could_not_be_read_as_a_request_has_an_outcome_too() {
    var client = RememberingClient.sending("");
    pipeline().refuse(sample.request().arrival(), Refusal.malformed("no"), client);
    assertThat(client.refusals()).hasSize(1);
    assertThat(outcomes).extracting(Outcome::word).containsExactly("refused");
    assertThat(outcomes.getFirst().request()).isEmpty();
  }

  @Test
  void a_password_in_clear_reaches_no_node() {
    sample =
        sample
            .from("192.0.2.7", false)
            .credential(new Credential.Basic("al", "secret", "Basic YWw6c2VjcmV0"));
    var client = RememberingClient.sending(LS_REFS);
    served(client);
    assertThat(client.refusals()).extracting(Refusal::kind).containsExactly(Kind.IN_CLEAR);
    assertThat(link.calls()).isEmpty();
  }

  private static InputStream failing(IOException failure) {
    return new FailingStream(() -> {
      throw failure;
    });
  }
}
