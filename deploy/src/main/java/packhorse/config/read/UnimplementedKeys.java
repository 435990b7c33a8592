package packhorse.config.read;

import java.util.List;
import java.util.Set;

/// The keys and values that are reserved for later versions: this version does not implement them.
/// They are rejected by name, unlike misspelt keys. In the list `*` stands for a name that the
/// operator chose, `[]` for an item of a list, and what follows `=` is one of the key's values. A
/// version that implements one of them removes it here.
final class UnimplementedKeys {
  /// The message of the problem.
  static final String MESSAGE = "not implemented yet";

  static final Set<String> ALL =
      Set.of(
          "listeners.*.certificates",
          "listeners.*.proxy-protocol",
          "listeners.*.forwarded",
          "pools.*.kind=gitea",
          "pools.*.kind=gitlab",
          "pools.*.nodes.*.ssh",
          "pools.*.nodes.*.admin-token",
          "pools.*.act-as=user-keys",
          "pools.*.act-as.certificates",
          "pools.*.admin-token",
          "pools.*.deploy-keys",
          "pools.*.capacity",
          "pools.*.queue",
          "placement[].groups",
          "placement[].home",
          "fact=jwt",
          "fact=login",
          "fact=gogs",
          "fact=gitea",
          "fact=gitlab",
          "identity",
          "policy[].repositories[]={job}",
          "webhooks",
          "limits.packs",
          "cache",
          "audit.rotate",
          "audit.keep",
          "audit.copy-to",
          "audit.when-failing",
          "shared-state");

  private UnimplementedKeys() {}

  static boolean containsKey(String shape) {
    return ALL.contains(shape);
  }

  static boolean containsValue(String shape, String word) {
    return ALL.contains(shape + "=" + word);
  }

  /// Returns the names of the keys of a section that are not implemented yet.
  static List<String> childKeysOf(String shape) {
    String prefix = shape.isEmpty() ? "" : shape + ".";
    return ALL.stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .filter(rest -> rest.indexOf('.') < 0 && rest.indexOf('=') < 0 && rest.indexOf('[') < 0)
        .toList();
  }
}
