package packhorse.http;

import java.io.IOException;
import packhorse.request.Refusal;

/// A body that is not what its headers say. The client is still there, and is told.
final class UnreadableBody extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  UnreadableBody(Refusal refusal) {
    super(refusal.sentence());
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
