package packhorse.record;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes audit, meters, remembered decisions and the log's one line out of an outcome, and of
/// nothing else.
public final class Records implements Recorder {
  private static final Logger log = LoggerFactory.getLogger(Records.class);

  private final Meters meters;
  private final Decisions decisions;
  private final Optional<AuditLog> audit;

  public Records(Meters meters, Decisions decisions, Optional<AuditLog> audit) {
    this.meters = meters;
    this.decisions = decisions;
    this.audit = audit;
  }

  @Override
  public void record(Outcome outcome) {
    meters.count(outcome);
    String line = AuditRecord.of(outcome);
    decisions.add(line);
    audit.ifPresent(file -> file.append(line));
    log.atDebug()
        .addKeyValue("request_id", outcome.arrival().id())
        .addKeyValue("took_ms", outcome.took().toMillis())
        .log("request ended");
  }
}
