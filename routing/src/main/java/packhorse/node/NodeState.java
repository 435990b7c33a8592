package packhorse.node;

import java.util.Locale;

/// Whether a node gets work.
public enum NodeState {
  UP,
  /// The node gets no new work; running requests may finish.
  DRAINING,
  DOWN;

  /// The name of this state on the status page and in meters.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
