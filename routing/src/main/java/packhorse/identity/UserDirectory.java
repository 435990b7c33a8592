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

/// The users that the proxy knows itself: the configuration's section `users`. Immutable; called on
/// any thread.
public final class UserDirectory {
  private final Map<String, UserAccount> byName;
  private final Map<String, UserAccount> byKey = new HashMap<>();
  private final Set<String> sharedKeys = new HashSet<>();

  public UserDirectory(List<UserAccount> users) {
    byName = users.stream().collect(Collectors.toMap(UserAccount::name, Function.identity()));
    for (UserAccount user : users) {
      for (String key : Set.copyOf(user.keyFingerprints()))
        if (byKey.put(key, user) != null) sharedKeys.add(key);
    }
    // A key that two users have identifies neither of them.
    sharedKeys.forEach(byKey::remove);
  }

  Optional<UserAccount> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Iterable<UserAccount> users() {
    return byName.values();
  }

  /// Whether more than one user has the key.
  public boolean isShared(Credential.SshKey key) {
    return sharedKeys.contains(key.fingerprint());
  }

  /// The name of the user who has the key, if exactly one user has it.
  public Optional<String> owner(Credential.SshKey key) {
    return Optional.ofNullable(byKey.get(key.fingerprint())).map(UserAccount::name);
  }
}
