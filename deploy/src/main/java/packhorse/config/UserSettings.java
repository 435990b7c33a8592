package packhorse.config;

import java.util.List;
import java.util.Optional;

/// A user of the proxy's own directory. All keys and tokens are good at once.
///
/// @param password where the hash of the password is (`packhorse.identity.PasswordHash`)
/// @param tokens where the hashes of tokens are (`packhorse.identity.TokenHash`)
public record UserSettings(
    String name, Optional<Secret> password, List<KeyFile> keys, List<Secret> tokens) {}
