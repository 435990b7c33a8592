package packhorse.request;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import packhorse.wire.push.Push;

/// Ends the processing of a request with a [Refusal]. A front throws and catches it while it reads
/// a request; the stages throw it to the pipeline. The exchanges catch it as well, where a refusal
/// must be completed (by the commands of a push), where resources must be released, or where
/// another way to answer exists. It has no stack trace.
public final class RefusalException extends Exception {
  private final transient Refusal refusal;
  private final transient Optional<Push> push;

  public RefusalException(Refusal refusal) {
    this(refusal, Optional.empty());
  }

  /// A refusal of a push whose commands have been read: the client must get a report on each of
  /// them.
  public RefusalException(Refusal refusal, Push push) {
    this(refusal, Optional.of(push));
  }

  /// A refusal because of a failed read or write.
  public RefusalException(Refusal refusal, IOException cause) {
    this(refusal, Optional.empty(), cause);
  }

  private RefusalException(Refusal refusal, Optional<Push> push) {
    this(refusal, push, null);
  }

  private RefusalException(Refusal refusal, Optional<Push> push, @Nullable Throwable cause) {
    super(refusal.message(), cause, false, false);
    this.refusal = refusal;
    this.push = push;
  }

  /// Returns an exception with the same cause, but with this refusal and for this push.
  public RefusalException forPush(Refusal pushRefusal, Push refusedPush) {
    return new RefusalException(pushRefusal, Optional.of(refusedPush), getCause());
  }

  /// Returns an exception with the same cause, but with this refusal.
  public RefusalException withRefusal(Refusal other) {
    return new RefusalException(other, push, getCause());
  }

  public Refusal refusal() {
    return refusal;
  }

  /// The push that is refused, if its commands have been read.
  public Optional<Push> push() {
    return push;
  }
}
