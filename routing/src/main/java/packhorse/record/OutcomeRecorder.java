package packhorse.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.exchange.call.PushLog;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.Refusal.Kind;
import packhorse.request.Request;
import packhorse.wire.push.Push;

/// Updates the meters, adds to the decision history, and writes the audit record and a debug line
/// of the log for each outcome; reports failed logins. Called on any thread.
public final class OutcomeRecorder implements Recorder, PushLog {
  private static final Logger log = LoggerFactory.getLogger(OutcomeRecorder.class);

  private static final int UNAUTHORIZED = 401;

  /// How long a push waits for its begin record to be written.
  private static final Duration BEGIN_RECORD_LIMIT = Duration.ofSeconds(1);

  private final Cache<String, Boolean> warnedOfOlderLists =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();
  private final Cache<String, Boolean> warnedOfNodeSettings =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofMinutes(1)).build();
  private final Meters meters;
  private final SecurityEvents events;
  private final DecisionHistory decisions;
  private final Optional<AuditLog> audit;

  public OutcomeRecorder(
      Meters meters, SecurityEvents events, DecisionHistory decisions, Optional<AuditLog> audit) {
    this.meters = meters;
    this.events = events;
    this.decisions = decisions;
    this.audit = audit;
  }

  @Override
  public void begun(Permit permit, Push push) {
    audit.ifPresent(file ->
        file.appendAndWait(AuditRecordFormat.toBeginJson(permit, push), BEGIN_RECORD_LIMIT));
  }

  @Override
  public void record(Outcome outcome) {
    meters.count(outcome);
    String line = AuditRecordFormat.toJson(outcome);
    decisions.add(line);
    audit.ifPresent(file -> file.append(line));
    log.atDebug()
        .addKeyValue("request_id", outcome.arrival().id())
        .addKeyValue("outcome", outcome.result())
        .addKeyValue("took_ms", outcome.duration().toMillis())
        .log("request ended");
    if (outcome.answer().filter(answer -> answer.listAge() == ListAge.OLDER).isPresent()) {
      outcome.placement().ifPresent(placement -> warnOfOlderList(outcome, placement));
    }
    outcome
        .refusal()
        .filter(refusal -> refusal.kind() == Kind.NODE_SETTING)
        .ifPresent(refusal -> warnOfNodeSetting(outcome, refusal));
    outcome
        .request()
        .map(Request::credential)
        .filter(credential -> isRejected(credential, outcome))
        .ifPresent(credential -> events.failedRequest(outcome.arrival(), credential));
  }

  // Every push may cause such a call.
  private void warnOfNodeSetting(Outcome outcome, Refusal refusal) {
    if (warnedOfNodeSettings.asMap().putIfAbsent(refusal.detail(), true) != null) return;
    log.atWarn()
        .addKeyValue("from", outcome.arrival().clientIp())
        .addKeyValue("request_id", outcome.arrival().id())
        .log(refusal.detail());
  }

  // Each list of such a primary may be one: once a minute is enough.
  private void warnOfOlderList(Outcome outcome, Placement placement) {
    String pool = placement.pool().name();
    if (warnedOfOlderLists.asMap().putIfAbsent(pool, true) != null) return;
    log.atWarn()
        .addKeyValue("pool", pool)
        .addKeyValue("node", placement.pool().primary().orElse(""))
        .addKeyValue("repository", placement.repositoryName())
        .addKeyValue("request_id", outcome.arrival().id())
        .log("the primary lists older data than before: was it restored from a backup?");
  }

  @Override
  public void recordFailedLogin(Arrival arrival, Credential.SshKey lastKey) {
    events.failedSshLogin(arrival, lastKey);
  }

  /// Whether the proxy or a node has found the credential wrong.
  private static boolean isRejected(Credential credential, Outcome outcome) {
    if (credential instanceof Credential.NoCredential) return false;
    boolean byProxy =
        outcome.refusal().filter(refusal -> refusal.kind() == Kind.WRONG_CREDENTIAL).isPresent();
    boolean byNode =
        outcome.principal().filter(Principal.Claimed.class::isInstance).isPresent()
            && outcome.answer().filter(answer -> answer.status() == UNAUTHORIZED).isPresent();
    return byProxy || byNode;
  }
}
