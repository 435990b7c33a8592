package packhorse.node;

import java.util.Locale;

/// Whether a node gets work.
public enum State {
  UP,
  /// No new work; what runs may finish.
  DRAINING,
  DOWN;

  /// The word of the status page and the meters.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
