package packhorse.identity;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import packhorse.request.Credential;

/// The proxy's own users. Immutable; called on any thread.
public final class Directory {
  private final Map<String, User> byName;
  private final Map<String, User> byKey = new HashMap<>();
  private final Set<String> shared = new HashSet<>();

  public Directory(List<User> users) {
    byName = users.stream().collect(Collectors.toMap(User::name, Function.identity()));
    for (User user : users) {
      for (String key : Set.copyOf(user.keys())) if (byKey.put(key, user) != null) shared.add(key);
    }
    // a key with two owners is nobody's
    shared.forEach(byKey::remove);
  }

  Optional<User> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Iterable<User> users() {
    return byName.values();
  }

  /// Whether more than one user has the key.
  public boolean shared(Credential.SshKey key) {
    return shared.contains(key.fingerprint());
  }

  /// The owner of a public key, if exactly one user has it.
  public Optional<String> owner(Credential.SshKey key) {
    return Optional.ofNullable(byKey.get(key.fingerprint())).map(User::name);
  }
}
