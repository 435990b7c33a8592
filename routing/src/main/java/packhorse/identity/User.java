package packhorse.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One entry of the proxy's own directory.
///
/// @param password the stored hash, read anew each time because its file may change
/// @param tokens the stored hashes of tokens, all good at once
/// @param keys fingerprints of public keys as OpenSSH prints them
public record User(
    String name,
    Optional<Supplier<String>> password,
    List<Supplier<String>> tokens,
    List<String> keys) {
  public User {
    tokens = List.copyOf(tokens);
    keys = List.copyOf(keys);
  }
}
