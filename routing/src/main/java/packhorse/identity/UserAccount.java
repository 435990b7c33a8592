package packhorse.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One user of the [UserDirectory].
///
/// @param passwordHash supplies the stored hash; called for each check, because the file that holds
///   the hash may change
/// @param tokenHashes supply the stored hashes of tokens, all of which are valid at the same time
/// @param keyFingerprints fingerprints of public keys, in the form that OpenSSH prints
public record UserAccount(
    String name,
    Optional<Supplier<String>> passwordHash,
    List<Supplier<String>> tokenHashes,
    List<String> keyFingerprints) {
  public UserAccount {
    tokenHashes = List.copyOf(tokenHashes);
    keyFingerprints = List.copyOf(keyFingerprints);
  }
}
