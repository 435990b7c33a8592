package packhorse.wire;

import java.util.Optional;

/// What a client says about itself: the name and version of its program (capability `agent`) and an
/// id for tracing (capability `session-id`). It is never trusted, and two requests that differ only
/// in it ask for the same thing.
public record ClientAgent(Optional<String> agent, Optional<String> sessionId) {

  public static final ClientAgent UNKNOWN = new ClientAgent(Optional.empty(), Optional.empty());

  public static ClientAgent of(Capabilities capabilities) {
    return new ClientAgent(capabilities.value("agent"), capabilities.value("session-id"));
  }
}
