package packhorse.identity;

import java.util.Optional;

/// Whom the proxy takes a client to be.
public sealed interface Principal {

  /// A client that sent no credential.
  record Anonymous() implements Principal {}

  /// A name that has not been verified. Policy rules ignore it; audit records have it under
  /// `claimed`.
  record Claimed(String name) implements Principal {}

  /// A user of the [UserDirectory] whose credential the proxy has verified.
  ///
  /// @param authenticatedBy `password`, `token`, or the fingerprint of the SSH key
  record User(String name, String authenticatedBy) implements Principal {}

  /// The name of the principal, if it has been verified.
  default Optional<String> verifiedName() {
    return this instanceof User user ? Optional.of(user.name()) : Optional.empty();
  }

  /// Whether a fact, as the configuration's groups list them, is verified for this principal:
  /// `user:alice`.
  default boolean hasFact(String fact) {
    return verifiedName().map(name -> fact.equals("user:" + name)).orElse(false);
  }

  /// A description for logs and for keys of caches, which differs for different principals. Never
  /// used for a decision.
  default String describe() {
    return switch (this) {
      case Anonymous() -> "anonymous";
      case Claimed(String name) -> "claimed=" + name;
      case User(String name, String authenticatedBy) -> name + " (" + authenticatedBy + ")";
    };
  }
}
