package packhorse.identity;

import java.util.Optional;

/// Whom we take the client to be.
public sealed interface Principal {

  /// Nobody said anything.
  record Anonymous() implements Principal {}

  /// A name that nobody has checked: policy knows it not, the audit says {@code claimed}.
  record Claimed(String name) implements Principal {}

  /// Somebody whom we checked against our own directory.
  ///
  /// @param by how: {@code password}, {@code token}, or the key's fingerprint
  record User(String name, String by) implements Principal {}

  /// The name that somebody has checked, if there is one.
  default Optional<String> verified() {
    return this instanceof User user ? Optional.of(user.name()) : Optional.empty();
  }

  /// Whether a verified fact of the configuration's groups is true of this principal: {@code
  /// user:alice}.
  default boolean is(String fact) {
    return verified().map(name -> fact.equals("user:" + name)).orElse(false);
  }

  /// How the decision log names this principal; never to be used for a decision.
  default String words() {
    return switch (this) {
      case Anonymous() -> "anonymous";
      case Claimed(String name) -> "claimed=" + name;
      case User(String name, String by) -> name + " (" + by + ")";
    };
  }
}
