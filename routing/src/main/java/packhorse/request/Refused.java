package packhorse.request;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  /// A refusal for what went wrong elsewhere.
  public Refused(Refusal refusal, IOException cause) {
    this(refusal, Optional.empty(), cause);
  }

  private Refused(Refusal refusal, Optional<Push> push) {
    this(refusal, push, null);
  }

  private Refused(Refusal refusal, Optional<Push> push, @Nullable Throwable cause) {
    super(refusal.sentence(), cause, false, false);
    this.refusal = refusal;
    this.push = push;
  }

  /// The same, with its cause, in these words, owed to the commands of a push.
  public Refused owed(Refusal words, Push whose) {
    return new Refused(words, Optional.of(whose), getCause());
  }

  public Refusal refusal() {
    return refusal;
  }

  /// The push that was refused, if its commands were read.
  public Optional<Push> push() {
    return push;
  }
}
