package packhorse.policy;

import java.util.Locale;

/// An action that a policy rule allows or denies. CREATE, UPDATE and DELETE are what a push does to
/// one ref, as far as the command of the push shows it.
public enum Action {
  READ,
  WRITE,
  ARCHIVE,
  CREATE,
  UPDATE,
  DELETE,
  ALL;

  /// Whether a rule for this action applies to the other action too.
  boolean includes(Action other) {
    return this == ALL || this == other || (this == WRITE && other.changesRef());
  }

  boolean changesRef() {
    return this == CREATE || this == UPDATE || this == DELETE;
  }

  /// The name of the action in the configuration.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
