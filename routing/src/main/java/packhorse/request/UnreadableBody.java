package packhorse.request;

import java.io.IOException;

/// The body of a request is not what its head says, or larger than may be. Thrown by a front's
/// stream of the body; the client is still there and is told.
public final class UnreadableBody extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  public UnreadableBody(Refusal refusal) {
    super(refusal.sentence());
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
