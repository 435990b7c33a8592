package packhorse.deploy;

import org.jspecify.annotations.Nullable;

/// The proxy cannot start; the message is one sentence for the operator.
public final class StartFailure extends Exception {
  public StartFailure(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
