package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.identity.Principal;
import packhorse.kit.FakeTicker;
import packhorse.kit.RequestFixture;
import packhorse.node.HealthThresholds;
import packhorse.node.Nodes;
import packhorse.node.Route;
import packhorse.request.Arrival;
import packhorse.request.ArrivalFactory;
import packhorse.request.Credential;
import packhorse.request.Front;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.GitService;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;

/// The records that are made from outcomes: the decision history and the meters.
final class OutcomeRecordingTest {
  private static final int MAX_DECISIONS = 100_000;

  private static String line(Arrival arrival, Random random) {
    RequestFixture fixture =
        RequestFixture.fetch().repository("team" + random.nextInt(500) + "/app");
    var request =
        new GitRequest(
            arrival,
            Optional.of("code.test"),
            new Credential.NoCredential(),
            RequestFixture.path("team" + random.nextInt(500) + "/app" + random.nextInt(50)),
            GitService.UPLOAD_PACK,
            GitRequest.Step.EXCHANGE,
            ProtocolVersion.V2,
            Headers.empty());
    Route route = new Route(fixture.poolNodes(), true, "fetch, its turn");
    Answer answer =
        new Answer(
            route,
            RequestFixture.node("a"),
            200,
            random.nextInt(1 << 24),
            List.of(),
            fetched(random),
            AnswerResult.ListAge.CURRENT,
            Optional.empty());
    return AuditRecordFormat.toJson(
        Outcome.of(request)
            .withPlacement(fixture.placement())
            .withPrincipal(new Principal.User("user" + random.nextInt(300), "token"))
            .withPermit(fixture.permit(request))
            .withAnswer(answer)
            .withDuration(Duration.ofMillis(random.nextInt(5000))));
  }

  // A clone of a repository with many branches; of wants only the first few are recorded.
  private static AnswerResult fetched(Random random) {
    List<ObjectId> wants = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      byte[] id = new byte[20];
      random.nextBytes(id);
      wants.add(new ObjectId(HexFormat.of().formatHex(id)));
    }
    return new AnswerResult.Fetched(
        RequestFixture.clone(wants),
        0,
        random.nextInt(1 << 24),
        OptionalLong.of(random.nextInt(5000)));
  }

  @Test
  void a_hundred_thousand_decisions_fit_into_twenty_mebibytes_and_are_found() {
    DecisionHistory history = new DecisionHistory(MAX_DECISIONS);
    ArrivalFactory arrivalFactory = new ArrivalFactory(Clock.systemUTC());
    Random random = new Random(1);
    String droppedId = "";
    String oldestKeptId = "";
    String lastId = "";
    for (int i = 0; i < MAX_DECISIONS + 500; i++) {
      Arrival arrival =
          arrivalFactory.create(
              "https", Front.HTTP, RequestFixture.fetch().arrival().clientAddress(), true);
      history.add(line(arrival, random));
      if (i == 0) droppedId = arrival.id();
      if (i == 500) oldestKeptId = arrival.id();
      lastId = arrival.id();
    }
    assertThat(history.compressedBytes()).isLessThan(20 << 20);
    assertThat(history.find(lastId).orElseThrow()).contains(lastId);
    assertThat(history.find(oldestKeptId).orElseThrow()).contains(oldestKeptId);
    assertThat(history.find(droppedId)).isEmpty();
    assertThat(history.find("nosuchid0000")).isEmpty();
  }

  @Test
  void the_memory_of_the_history_is_limited_however_long_the_records_are() {
    DecisionHistory history = new DecisionHistory(MAX_DECISIONS, 1 << 20);
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      StringBuilder refs = new StringBuilder();
      while (refs.length() < 300_000) refs.append(Long.toHexString(random.nextLong()));
      history.add("{\"id\":\"id" + i + "\",\"refs\":\"" + refs + "\"}");
      assertThat(history.compressedBytes()).isLessThanOrEqualTo(1 << 20);
    }
    assertThat(history.find("id49")).isPresent();
    assertThat(history.find("id0")).isEmpty();
  }

  @Test
  void an_id_that_a_client_wrote_into_a_name_is_not_found() {
    DecisionHistory history = new DecisionHistory(10);
    Refusal refusal = Refusal.malformed("a \"id\":\"forged\" b");
    history.add(
        AuditRecordFormat.toJson(
            Outcome.of(RequestFixture.fetch().arrival()).withRefusal(refusal)));
    assertThat(history.find("forged")).isEmpty();
    assertThat(history.find("abcdefghjkmn")).isPresent();
  }

  @Test
  void a_replica_that_lags_is_no_failed_node_and_an_older_list_of_the_primary_is_counted() {
    Meters meters = new Meters();
    RequestFixture fixture = RequestFixture.fetch();
    List<Answer.Attempt> attempts =
        List.of(
            new Answer.Attempt(RequestFixture.node("b"), "lags", true),
            Answer.Attempt.failed(RequestFixture.node("c"), "silent"));
    Answer answer =
        new Answer(
            new Route(fixture.poolNodes(), true, "fetch, its turn"),
            RequestFixture.node("a"),
            200,
            1,
            attempts,
            new AnswerResult.RefList(),
            AnswerResult.ListAge.OLDER,
            Optional.empty());
    meters.count(
        Outcome.of(fixture.request()).withPlacement(fixture.placement()).withAnswer(answer));
    assertThat(meters.scrape())
        .contains("packhorse_node_failures_total{pool=\"main\"} 1.0")
        .contains("packhorse_lists_older_total{pool=\"main\"} 1.0");
  }

  @Test
  void meters_have_labels_from_closed_sets_and_survive_garbage_collection() {
    Meters meters = new Meters();
    var thresholds = new HealthThresholds(1, 1, Duration.ZERO, Optional.empty());
    meters.registerNodes(
        new Nodes(RequestFixture.fetch().poolNodes(), pool -> thresholds, new FakeTicker()));
    meters.registerLostAuditRecords(() -> 3);
    meters.registerLostLogEvents(() -> 4);
    System.gc();
    meters.count(Outcome.of(RequestFixture.fetch().arrival()).withRefusal(Refusal.malformed("x")));
    meters.count(
        Outcome.of(RequestFixture.fetch().repository("secret/name").request())
            .withRefusal(Refusal.nodeDown("down")));
    meters.count(Outcome.of(RequestFixture.fetch().request()).withRefusal(Refusal.noCredential()));
    assertThat(meters.scrape())
        .contains("packhorse_audit_lost 3.0", "packhorse_log_lost 4.0")
        .contains("packhorse_node_up{node=\"a\",pool=\"main\"} 1.0")
        .contains("packhorse_refusals_total{kind=\"node-down\"} 1.0")
        .contains("outcome=\"refused\"", "outcome=\"challenged\"")
        .doesNotContain("secret", "NaN", "no-credential");
  }
}
