package packhorse.config.model;

import java.util.List;
import java.util.Optional;

/// A user of the proxy's own directory. All keys and tokens are valid at the same time.
///
/// @param password where the hash of the password is (`packhorse.identity.PasswordHash`)
/// @param tokens where the hashes of the tokens are (`packhorse.identity.TokenHash`)
public record UserSettings(
    String name, Optional<Secret> password, List<KeyFile> keys, List<Secret> tokens) {
  /// The beginning of `user:NAME`. In groups and policy rules, such an entry (a *fact*) stands for
  /// the user of this name, once the proxy has verified the user's credential.
  public static final String FACT_PREFIX = "user:";

  /// The public keys behind one reference: one key a line, as in OpenSSH's `.pub` files.
  public record KeyFile(Reference reference, List<SshPublicKey> keys) {}
}
