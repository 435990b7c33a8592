package packhorse.record;

import packhorse.request.Arrival;
import packhorse.request.Credential;

/// Records outcomes, and logins that fail before there is a request. Called once for each request,
/// on the request's thread: after the client has been sent a node's response, but before it is sent
/// a refusal, so that the decision can be looked up as soon as the client knows its id. Must not
/// block for long.
@FunctionalInterface
public interface Recorder {
  void record(Outcome outcome);

  /// Records an SSH login that failed, which has no outcome.
  ///
  /// @param arrival when and from where the client tried; its id is not that of a decision
  /// @param lastKey the last key that the client offered
  default void recordFailedLogin(Arrival arrival, Credential.SshKey lastKey) {}
}
