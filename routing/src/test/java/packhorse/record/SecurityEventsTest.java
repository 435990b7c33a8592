package packhorse.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.identity.Principal;
import packhorse.kit.FakeTicker;
import packhorse.kit.RequestFixture;
import packhorse.node.Route;
import packhorse.request.Credential;
import packhorse.request.Refusal;

/// Which outcomes are failed logins, and how many of them are logged.
final class SecurityEventsTest {
  private final FakeTicker ticker = new FakeTicker();
  private final Meters meters = new Meters();
  private final OutcomeRecorder recorder =
      new OutcomeRecorder(
          meters, new SecurityEvents(meters, ticker), new DecisionHistory(10), Optional.empty());
  private final RequestFixture withPassword =
      RequestFixture.fetch().credential(new Credential.Basic("alice", "straw", "Basic x"));

  @Test
  void a_wrong_password_is_counted_whoever_verified_it() {
    recorder.record(Outcome.of(withPassword.request()).withRefusal(Refusal.wrongCredential()));
    recorder.record(
        Outcome.of(withPassword.request())
            .withPrincipal(new Principal.Claimed("alice"))
            .withAnswer(answer(401)));
    assertThat(meters.scrape())
        .contains("packhorse_logins_failed_total{credential=\"password\",front=\"http\"} 2.0");
  }

  @Test
  void a_challenge_another_refusal_and_the_refused_service_account_are_not_counted() {
    recorder.record(
        Outcome.of(RequestFixture.fetch().request()).withRefusal(Refusal.noCredential()));
    recorder.record(
        Outcome.of(RequestFixture.fetch().request())
            .withPrincipal(new Principal.Anonymous())
            .withAnswer(answer(401)));
    recorder.record(
        Outcome.of(withPassword.request())
            .withPrincipal(new Principal.User("alice", "password"))
            .withAnswer(answer(401)));
    recorder.record(Outcome.of(withPassword.request()).withRefusal(Refusal.nodeDown("down")));
    assertThat(meters.scrape()).doesNotContain("logins_failed");
  }

  @Test
  void ten_events_in_a_second_are_logged_and_the_next_line_says_how_many_were_not() {
    LogThrottle throttle = new LogThrottle(ticker);
    for (int i = 0; i < LogThrottle.LINES_PER_SECOND; i++)
      assertThat(throttle.nextLine()).hasValue(0);
    for (int i = 0; i < 25; i++) assertThat(throttle.nextLine()).isEmpty();
    ticker.advance(Duration.ofSeconds(1));
    assertThat(throttle.nextLine()).hasValue(25);
    assertThat(throttle.nextLine()).hasValue(0);
  }

  private static Answer answer(int status) {
    return new Answer(
        new Route(RequestFixture.fetch().poolNodes(), true, "fetch, its turn"),
        RequestFixture.node("a"),
        status,
        0,
        List.of(),
        new AnswerResult.RefList(),
        AnswerResult.ListAge.CURRENT,
        Optional.empty());
  }
}
