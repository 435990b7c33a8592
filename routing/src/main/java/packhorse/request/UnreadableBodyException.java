package packhorse.request;

import java.io.IOException;

/// Thrown by the input stream of a request body when the body cannot be decoded: its HTTP framing
/// or its gzip coding is invalid, or it decompresses to far more than its compressed size. The
/// client is still connected, and the pipeline sends it the refusal.
public final class UnreadableBodyException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  public UnreadableBodyException(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  /// The refusal with which the request ends.
  public Refusal refusal() {
    return refusal;
  }
}
