package packhorse.request;

import java.util.Optional;
import packhorse.wire.Push;

/// Carries a {@link Refusal} from the stage that says no to the pipeline, the only place that
/// catches it.
public final class Refused extends Exception {
  private final transient Refusal refusal;
  private final transient Optional<Push> push;

  public Refused(Refusal refusal) {
    this(refusal, Optional.empty());
  }

  /// A refusal of a push whose commands have been read: the client is owed a report on each of
  /// them.
  public Refused(Refusal refusal, Push push) {
    this(refusal, Optional.of(push));
  }

  private Refused(Refusal refusal, Optional<Push> push) {
    super(refusal.sentence(), null, false, false);
    this.refusal = refusal;
    this.push = push;
  }

  public Refusal refusal() {
    return refusal;
  }

  /// The push that was refused, if its commands were read.
  public Optional<Push> push() {
    return push;
  }
}
