package packhorse.wire;

import java.nio.ByteBuffer;

/// Observes the bytes of a node's response while they are relayed to the client. An observer never
/// changes the bytes, keeps little of them, and never throws: a response that it cannot read is a
/// matter between the client and the node. The bytes may be split at any position.
///
/// An observer is used by one thread at a time. Its results may be read on the thread that called
/// [#onEnd].
public interface ResponseObserver {

  /// Called with the next bytes of the response, before they are sent to the client.
  ///
  /// @param bytes from its position to its limit; neither may be changed
  void onBytes(ByteBuffer bytes);

  /// Called once when the response has ended, whether it is complete or not.
  void onEnd();

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
