package packhorse.exchange.call;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import packhorse.wire.ResponseObserver;

/// Observes the response to a client while it is relayed, and says in the end what the client
/// received. Used on the thread of the request.
public interface AnswerObserver extends ResponseObserver {

  /// What the client received; may be called at any time, also when the response was cut.
  AnswerResult result();

  /// An observer of a response whose bytes say nothing more about it.
  static AnswerObserver of(AnswerResult result) {
    return resultOf(() -> result);
  }

  /// An observer that leaves the bytes to another, and has its result.
  static AnswerObserver resultOf(Supplier<AnswerResult> other) {
    return new AnswerObserver() {
      @Override
      public AnswerResult result() {
        return other.get();
      }

      @Override
      public void onBytes(ByteBuffer bytes) {}

      @Override
      public void onEnd() {}
    };
  }
}
