package packhorse.wire;

import java.nio.ByteBuffer;

/// Observes the bytes of a node's response while they are relayed to the client. An observer never
/// changes the bytes, stores only what it needs of them, and never throws: a response that it
/// cannot parse is still relayed to the client unchanged. The bytes may be split at any position.
///
/// An observer is used by one thread at a time. What it has found may be read after [#onEnd], on
/// the thread that called it.
public interface ResponseObserver {

  /// Called with the next bytes of the response, before they are sent to the client.
  ///
  /// @param bytes the bytes between the buffer's position and its limit; the observer must change
  ///   neither of these
  void onBytes(ByteBuffer bytes);

  /// Called once when the response has ended, whether it is complete or not: before the end is sent
  /// to the client.
  void onEnd();

  /// Whether the response ended too early: more had to come, and the node reported no error in it.
  /// Valid after [#onEnd].
  default boolean isTruncated() {
    return false;
  }

  /// An observer that does nothing.
  static ResponseObserver none() {
    return new ResponseObserver() {
      @Override
      public void onBytes(ByteBuffer bytes) {}

      @Override
      public void onEnd() {}
    };
  }
}
