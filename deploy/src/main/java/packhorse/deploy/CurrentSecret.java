package packhorse.deploy;

import java.util.function.Consumer;
import java.util.function.Supplier;
import packhorse.config.model.Secret;
import packhorse.record.SecurityEvents;

/// Supplies the stored hash of a password or token as it is now. One that can no longer be read, or
/// that the check no longer accepts, matches no password and no token; that is reported each time.
///
/// @param check throws IllegalArgumentException with a message whose subject is left out and which
///   does not repeat the secret
record CurrentSecret(Secret secret, Consumer<String> check, SecurityEvents events)
    implements Supplier<String> {
  private static final String MATCHES_NOTHING = "";

  @Override
  public String get() {
    String value;
    try {
      value = secret.currentValue();
    } catch (IllegalArgumentException unreadable) {
      events.unreadableSecret(String.valueOf(unreadable.getMessage()));
      return MATCHES_NOTHING;
    }
    try {
      check.accept(value);
      return value;
    } catch (IllegalArgumentException malformed) {
      events.unreadableSecret(secret.reference() + " " + malformed.getMessage());
      return MATCHES_NOTHING;
    }
  }
}
