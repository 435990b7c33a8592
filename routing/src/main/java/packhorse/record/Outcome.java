package packhorse.record;

import java.time.Duration;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Arrival;
import packhorse.request.Refusal;
import packhorse.request.Request;

/// Records everything that is known about how one request was served. The pipeline records exactly
/// one outcome for each request; audit records, meters and the decision history are made from
/// outcomes only. Immutable: after each stage, the pipeline makes a copy with the stage's result.
///
/// @param arrival the circumstances of the request: listener, address, id, time
/// @param request empty if it could not be parsed
/// @param placement where the repository is; empty, like what follows, if its stage did not succeed
/// @param principal who the client is taken to be
/// @param permit what the policy allowed
/// @param answer which node responded, and how much of the response the client received
/// @param refusal the error of the proxy that the client was sent, if any
/// @param failure what ended the exchange before the client had the whole response: a node that
///   failed after the response had started, or a client that disconnected
/// @param duration the time from the call of the pipeline until the outcome was recorded
public record Outcome(
    Arrival arrival,
    Optional<Request> request,
    Optional<Placement> placement,
    Optional<Principal> principal,
    Optional<Permit> permit,
    Optional<Answer> answer,
    Optional<Refusal> refusal,
    Optional<String> failure,
    Duration duration) {

  /// The outcome of a request that could not be parsed, without any decision yet.
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

  /// The outcome of a request, without any decision yet.
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

  /// How the request ended: `answered`, `refused` by the proxy, or `cut` before the client had the
  /// whole response.
  public String result() {
    if (refusal.isPresent()) return "refused";
    return answer.isPresent() && failure.isEmpty() ? "answered" : "cut";
  }

  public Outcome withPlacement(Placement newPlacement) {
    return new Outcome(
        arrival,
        request,
        Optional.of(newPlacement),
        principal,
        permit,
        answer,
        refusal,
        failure,
        duration);
  }

  public Outcome withPrincipal(Principal newPrincipal) {
    return new Outcome(
        arrival,
        request,
        placement,
        Optional.of(newPrincipal),
        permit,
        answer,
        refusal,
        failure,
        duration);
  }

  public Outcome withPermit(Permit newPermit) {
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        Optional.of(newPermit),
        answer,
        refusal,
        failure,
        duration);
  }

  public Outcome withAnswer(Answer newAnswer) {
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        permit,
        Optional.of(newAnswer),
        refusal,
        failure,
        duration);
  }

  public Outcome withRefusal(Refusal newRefusal) {
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        permit,
        answer,
        Optional.of(newRefusal),
        failure,
        duration);
  }

  public Outcome withFailure(String newFailure) {
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        permit,
        answer,
        refusal,
        Optional.of(newFailure),
        duration);
  }

  public Outcome withDuration(Duration newDuration) {
    return new Outcome(
        arrival, request, placement, principal, permit, answer, refusal, failure, newDuration);
  }
}
