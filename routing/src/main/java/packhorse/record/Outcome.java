package packhorse.record;

import java.time.Duration;
import java.util.Optional;
import packhorse.exchange.Answer;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Arrival;
import packhorse.request.Refusal;
import packhorse.request.Request;

/// What became of one request: everything that the stages decided, once, whole. Immutable; audit,
/// meters and decisions are made from outcomes and from nothing else. The pipeline builds it up
/// stage by stage.
///
/// @param request what came in; empty when it could not be read
/// @param failure what broke after an answer had begun, or a client that went away
public record Outcome(
    Arrival arrival,
    Optional<Request> request,
    Optional<Placement> placement,
    Optional<Principal> principal,
    Optional<Permit> permit,
    Optional<Answer> answer,
    Optional<Refusal> refusal,
    Optional<String> failure,
    Duration took) {

  /// Nothing has been decided yet.
  public static Outcome of(Arrival arrival) {
    return new Outcome(
        arrival,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  public static Outcome of(Request request) {
    return new Outcome(
        request.arrival(),
        Optional.of(request),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  /// How it ended, in one word: {@code answered}, {@code refused} by us, or {@code cut} before the
  /// client had all of its answer.
  public String word() {
    if (refusal.isPresent()) return "refused";
    return answer.isPresent() && failure.isEmpty() ? "answered" : "cut";
  }

  public Outcome placed(Placement found) {
    return new Outcome(
        arrival, request, Optional.of(found), principal, permit, answer, refusal, failure, took);
  }

  public Outcome identified(Principal found) {
    return new Outcome(
        arrival, request, placement, Optional.of(found), permit, answer, refusal, failure, took);
  }

  public Outcome permitted(Permit given) {
    return new Outcome(
        arrival, request, placement, principal, Optional.of(given), answer, refusal, failure, took);
  }

  public Outcome answered(Answer given) {
    return new Outcome(
        arrival, request, placement, principal, permit, Optional.of(given), refusal, failure, took);
  }

  public Outcome refused(Refusal no) {
    return new Outcome(
        arrival, request, placement, principal, permit, answer, Optional.of(no), failure, took);
  }

  public Outcome failed(String what) {
    return new Outcome(
        arrival, request, placement, principal, permit, answer, refusal, Optional.of(what), took);
  }

  public Outcome ended(Duration time) {
    return new Outcome(
        arrival, request, placement, principal, permit, answer, refusal, failure, time);
  }
}
