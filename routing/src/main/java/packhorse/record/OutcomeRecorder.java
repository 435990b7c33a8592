package packhorse.record;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Updates the meters, adds to the decision history, and writes the audit record and a debug line
/// of the log for each outcome. Called on any thread.
public final class OutcomeRecorder implements Recorder {
  private static final Logger log = LoggerFactory.getLogger(OutcomeRecorder.class);

  private final Meters meters;
  private final DecisionHistory decisions;
  private final Optional<AuditLog> audit;

  public OutcomeRecorder(Meters meters, DecisionHistory decisions, Optional<AuditLog> audit) {
    this.meters = meters;
    this.decisions = decisions;
    this.audit = audit;
  }

  @Override
  public void record(Outcome outcome) {
    meters.count(outcome);
    String line = AuditRecordFormat.toJson(outcome);
    decisions.add(line);
    audit.ifPresent(file -> file.append(line));
    log.atDebug()
        .addKeyValue("request_id", outcome.arrival().id())
        .addKeyValue("took_ms", outcome.duration().toMillis())
        .log("request ended");
  }
}
