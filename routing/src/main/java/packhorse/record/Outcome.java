package packhorse.record;

import java.time.Duration;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.exchange.call.Interruption;
import packhorse.identity.Principal;
import packhorse.node.Node;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.Request;
import packhorse.wire.push.Push;

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
/// @param refusedPush the commands of the push that was refused, if they had been read
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
    Optional<Push> refusedPush,
    Optional<String> failure,
    Duration duration) {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  /// The outcome of a request that could not be parsed, without any decision yet.
  public static Outcome of(Arrival arrival) {
    return of(arrival, Optional.empty());
  }

  /// The outcome of a request, without any decision yet.
  public static Outcome of(Request request) {
    return of(request.arrival(), Optional.of(request));
  }

  private static Outcome of(Arrival arrival, Optional<Request> request) {
    return new Outcome(
        arrival,
        request,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  /// How the request ended: `answered`; `challenged`, see [#isChallenge]; `refused` by the proxy;
  /// `truncated` because the node ended its response too early; or `cut` before the client had the
  /// whole response for another reason.
  public String result() {
    if (isChallenge()) return "challenged";
    Optional<Interruption> interruption = answer.flatMap(Answer::interruption);
    if (interruption.filter(Interruption::isTruncation).isPresent()) return "truncated";
    if (refusal.isPresent()) return "refused";
    return answer.isPresent() && failure.isEmpty() ? "answered" : "cut";
  }

  /// Whether a client without a credential was asked for one, by the proxy or a node. Git sends its
  /// first request without one, so this is no refusal: the same request with a credential follows.
  public boolean isChallenge() {
    boolean anonymous =
        request
            .map(Request::credential)
            .filter(Credential.NoCredential.class::isInstance)
            .isPresent();
    boolean byProxy =
        refusal.filter(reason -> reason.kind() == Refusal.Kind.NO_CREDENTIAL).isPresent();
    boolean byNode =
        answer
            .filter(response -> response.status() == UNAUTHORIZED)
            .filter(response -> response.interruption().isEmpty())
            .isPresent();
    return anonymous && (byProxy || byNode);
  }

  /// Why what the client received may lack the last changes of the refs; empty if it has them, or
  /// does not depend on refs.
  Optional<String> whyMayBeOld() {
    if (answer.isEmpty() || answer.get().status() != OK) return Optional.empty();
    if (answer.get().listAge() == ListAge.OLDER) {
      return Optional.of("the primary lists an earlier state of a ref than was known");
    }
    boolean fromReplica =
        answer.get().listAge() == ListAge.OF_REPLICA
            || (dependsOnRefs(answer.get().result()) && isReplica(answer.get().node()));
    return fromReplica ? Optional.of("a replica answered, which may lag") : Optional.empty();
  }

  private boolean isReplica(Node node) {
    return placement
        .map(Placement::pool)
        .filter(pool -> pool.isReplicated() && !pool.isPrimary(node.name()))
        .isPresent();
  }

  private static boolean dependsOnRefs(AnswerResult result) {
    return switch (result) {
      case AnswerResult.Fetched fetched -> fetched.fetch().dependsOnRefNames();
      case AnswerResult.Pushed pushed -> false;
      case AnswerResult.Other other -> false;
      case AnswerResult.Page page -> false;
      case AnswerResult.LargeFile largeFile -> false;
      default -> true;
    };
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
        refusedPush,
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
        refusedPush,
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
        refusedPush,
        failure,
        duration);
  }

  /// Returns a copy with an answer, and with the failure that interrupted it.
  public Outcome withAnswer(Answer newAnswer) {
    Optional<String> interruption = newAnswer.interruption().map(Interruption::describe);
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        permit,
        Optional.of(newAnswer),
        refusal,
        refusedPush,
        interruption,
        duration);
  }

  public Outcome withRefusal(Refusal newRefusal) {
    return withRefusal(new RefusalException(newRefusal));
  }

  /// Returns a copy with a refusal, and with the push that it is for.
  public Outcome withRefusal(RefusalException newRefusal) {
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        permit,
        answer,
        Optional.of(newRefusal.refusal()),
        newRefusal.push(),
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
        refusedPush,
        Optional.of(newFailure),
        duration);
  }

  public Outcome withDuration(Duration newDuration) {
    return new Outcome(
        arrival,
        request,
        placement,
        principal,
        permit,
        answer,
        refusal,
        refusedPush,
        failure,
        newDuration);
  }
}
