package packhorse.record;

/// Takes every outcome once, on the request's thread, after the client has its answer. Must not
/// block for long.
public interface Recorder {
  void record(Outcome outcome);
}
