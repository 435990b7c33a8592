package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.exchange.Answer;
import packhorse.identity.Principal;
import packhorse.kit.Nanos;
import packhorse.kit.Sample;
import packhorse.node.Nodes;
import packhorse.node.Route;
import packhorse.node.Thresholds;
import packhorse.request.Arrival;
import packhorse.request.Arrivals;
import packhorse.request.Front;
import packhorse.request.Refusal;

/// What is kept of outcomes: decisions, the audit file, meters.
final class KeptTest {
  private static final int MOST = 100_000;

  @TempDir Path folder;

  private static String line(Arrival arrival, Random random) {
    Sample sample = Sample.fetch().repository("team" + random.nextInt(500) + "/app");
    var request =
        new packhorse.request.GitRequest(
            arrival,
            Optional.of("code.test"),
            new packhorse.request.Credential.None(),
            Sample.path("team" + random.nextInt(500) + "/app" + random.nextInt(50)),
            packhorse.wire.Service.UPLOAD_PACK,
            packhorse.request.GitRequest.Step.EXCHANGE,
            packhorse.wire.ProtocolVersion.V2,
            packhorse.request.Headers.none());
    Route route = new Route(sample.machines(), true, "fetch, its turn");
    Answer answer =
        new Answer(
            route,
            Sample.node("a"),
            200,
            random.nextInt(1 << 24),
            List.of(),
            Optional.empty(),
            Optional.empty());
    return AuditRecord.of(
        Outcome.of(request)
            .placed(sample.placement())
            .identified(new Principal.User("user" + random.nextInt(300), "token"))
            .permitted(sample.permit(request))
            .answered(answer)
            .ended(Duration.ofMillis(random.nextInt(5000))));
  }

  @Test
  void a_hundred_thousand_decisions_are_kept_and_found_in_twenty_megabytes() {
    Decisions decisions = new Decisions(MOST);
    Arrivals arrivals = new Arrivals(java.time.Clock.systemUTC());
    Random random = new Random(1);
    String first = "";
    String second = "";
    String last = "";
    for (int i = 0; i < MOST + 500; i++) {
      Arrival arrival = arrivals.arrive("https", Front.HTTP, Sample.fetch().arrival().from(), true);
      decisions.add(line(arrival, random));
      if (i == 0) first = arrival.id();
      if (i == 500) second = arrival.id();
      last = arrival.id();
    }
    assertThat(decisions.bytes()).isLessThan(20 << 20);
    assertThat(decisions.find(last).orElseThrow()).contains(last);
    assertThat(decisions.find(second).orElseThrow()).contains(second);
    assertThat(decisions.find(first)).isEmpty();
    assertThat(decisions.find("nosuchid0000")).isEmpty();
  }

  @Test
  void however_long_lines_are_the_memory_is_what_was_allowed() {
    Decisions decisions = new Decisions(MOST, 1 << 20);
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      StringBuilder refs = new StringBuilder();
      while (refs.length() < 300_000) refs.append(Long.toHexString(random.nextLong()));
      decisions.add("{\"id\":\"id" + i + "\",\"refs\":\"" + refs + "\"}");
      assertThat(decisions.bytes()).isLessThanOrEqualTo(1 << 20);
    }
    assertThat(decisions.find("id299")).isPresent();
    assertThat(decisions.find("id0")).isEmpty();
  }

  @Test
  void an_id_that_a_client_wrote_into_a_name_is_not_found() {
    Decisions decisions = new Decisions(10);
    Refusal refusal = Refusal.malformed("a \"id\":\"forged\" b");
    decisions.add(AuditRecord.of(Outcome.of(Sample.fetch().arrival()).refused(refusal)));
    assertThat(decisions.find("forged")).isEmpty();
    assertThat(decisions.find("abcdefghjkmn")).isPresent();
  }

  @Test
  void the_audit_file_is_ours_alone_and_appended_to() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    try (AuditLog log = new AuditLog(file)) {
      log.append("{\"id\":\"one\"}");
    }
    try (AuditLog log = new AuditLog(file)) {
      log.append("{\"id\":\"two\"}");
      assertThat(log.find("one")).isPresent();
      assertThat(log.find("three")).isEmpty();
      assertThat(log.lost()).isZero();
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_line_that_was_cut_short_spoils_no_other() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    Files.writeString(file, "{\"id\":\"on");
    try (AuditLog log = new AuditLog(file)) {
      log.append("{\"id\":\"two\"}");
    }
    assertThat(Files.readAllLines(file)).containsExactly("{\"id\":\"on", "{\"id\":\"two\"}");
  }

  // a channel would be closed for good
  @Test
  void a_thread_that_was_interrupted_loses_no_record() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    try (AuditLog log = new AuditLog(file)) {
      Thread.currentThread().interrupt();
      log.append("{\"id\":\"one\"}");
      assertThat(Thread.interrupted()).isTrue();
      log.append("{\"id\":\"two\"}");
      assertThat(log.lost()).isZero();
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void meters_have_closed_labels_and_outlive_a_collection() {
    Meters meters = new Meters();
    var thresholds = new Thresholds(1, 1, Duration.ZERO, Optional.empty());
    meters.watch(new Nodes(Sample.fetch().machines(), pool -> thresholds, new Nanos()));
    meters.watchAudit(() -> 3);
    System.gc();
    meters.count(Outcome.of(Sample.fetch().arrival()).refused(Refusal.malformed("x")));
    meters.count(
        Outcome.of(Sample.fetch().repository("secret/name").request())
            .refused(Refusal.nodeDown("down")));
    assertThat(meters.scrape())
        .contains("packhorse_audit_lost 3.0", "packhorse_node_up{node=\"a\",pool=\"main\"} 1.0")
        .contains("packhorse_refusals_total{kind=\"node-down\"} 1.0")
        .contains("outcome=\"refused\"")
        .doesNotContain("secret", "NaN");
  }
}
