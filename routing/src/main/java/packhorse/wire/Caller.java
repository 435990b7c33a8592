package packhorse.wire;

import java.util.Optional;

/// What a client says of itself: its program (`agent`) and its trace (`session-id`). Never part of
/// what is asked, never trusted.
public record Caller(Optional<String> agent, Optional<String> sessionId) {

  public static final Caller UNNAMED = new Caller(Optional.empty(), Optional.empty());

  static Caller of(Capabilities capabilities) {
    return new Caller(capabilities.value("agent"), capabilities.value("session-id"));
  }
}
