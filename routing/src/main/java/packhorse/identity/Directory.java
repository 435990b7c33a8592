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

  public Directory(List<User> users) {
    byName = users.stream().collect(Collectors.toMap(User::name, Function.identity()));
    Set<String> shared = new HashSet<>();
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

  /// The owner of a public key, if exactly one user has it.
  public Optional<String> owner(Credential.SshKey key) {
    return Optional.ofNullable(byKey.get(key.fingerprint())).map(User::name);
  }
}
