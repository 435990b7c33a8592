package packhorse.node;

import java.time.Duration;

/// Is called periodically while the proxy waits for the first byte of a node's response. Called by
/// a link, or by the code that waits for the first byte of the body, on the waiting thread.
public interface WaitListener {

  /// The longest time that the thread may wait, from now, before it calls [#stillWaiting].
  Duration timeToNextCall();

  /// Called when the time of [#timeToNextCall] is over and the node has still sent nothing.
  ///
  /// @throws ClientGoneException if nobody waits for the response any more; the request to the node
  ///   is aborted then
  /// @throws NodeFailure if the node need not be waited for any longer; the request to it is
  ///   aborted then
  void stillWaiting() throws ClientGoneException, NodeFailure;

  /// Called when the wait for a node begins; again for each node to which the request goes on.
  default void nodeAsked(Node node) {}

  /// What ends a wait by throwing.
  interface Check {
    void run() throws ClientGoneException, NodeFailure;
  }

  /// Returns a listener that makes a check five times a second, and calls this one when it is due.
  default WaitListener withCheck(Check check) {
    return new CheckedWaitListener(check, this);
  }

  /// A listener that does nothing.
  static WaitListener none() {
    return new WaitListener() {
      @Override
      public Duration timeToNextCall() {
        return Duration.ofDays(1);
      }

      @Override
      public void stillWaiting() {}
    };
  }
}
