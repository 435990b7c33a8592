package packhorse.node;

import java.time.Duration;

/// What is done while a node that was asked has not said a byte of its answer. Called by a link, or
/// by whoever waits for the answer's first byte, on the thread that waits.
public interface Silence {

  /// How long the thread may wait from now until {@link #goesOn} is due.
  Duration left();

  /// The node is still silent, and the time of {@link #left} is over.
  ///
  /// @throws ClientGone when the client has left: the call is to be given up
  void goesOn() throws ClientGone;

  /// Nothing is done.
  static Silence borne() {
    return new Silence() {
      @Override
      public Duration left() {
        return Duration.ofDays(1);
      }

      @Override
      public void goesOn() {}
    };
  }
}
