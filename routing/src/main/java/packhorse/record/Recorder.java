package packhorse.record;

/// Records outcomes. Called once for each request, on the request's thread: after the client has
/// been sent a node's response, but before it is sent a refusal, so that the decision can be looked
/// up as soon as the client knows its id. Must not block for long.
@FunctionalInterface
public interface Recorder {
  void record(Outcome outcome);
}
