package packhorse.policy;

import java.util.Locale;

/// A word that a policy rule allows or denies. CREATE, UPDATE and DELETE are what a push does to
/// one ref, as far as the wire shows it.
public enum Action {
  READ,
  WRITE,
  ARCHIVE,
  CREATE,
  UPDATE,
  DELETE,
  ALL;

  /// Whether a rule with this word speaks of the other.
  boolean covers(Action other) {
    return this == ALL || this == other || (this == WRITE && other.changesRef());
  }

  boolean changesRef() {
    return this == CREATE || this == UPDATE || this == DELETE;
  }

  /// The word of the configuration.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
