package packhorse.wire;

import java.nio.ByteBuffer;

/// Looks at the bytes of a node's answer as they pass on their way to the client. It never changes
/// them, keeps little, and never fails: an answer that it cannot read is the client's and the
/// node's affair. The bytes may be split anywhere. For one thread at a time; what it saw may be
/// asked on the thread that called [#ended].
public interface Watch {

  /// The next bytes of the answer, before they go to the client.
  ///
  /// @param bytes from its position to its limit, both left as they are
  void passed(ByteBuffer bytes);

  /// The answer has ended, completely or not. Called once.
  void ended();

  /// Looks at nothing.
  static Watch none() {
    return new Watch() {
      @Override
      public void passed(ByteBuffer bytes) {}

      @Override
      public void ended() {}
    };
  }
}
