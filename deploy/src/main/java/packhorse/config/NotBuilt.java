package packhorse.config;

import java.util.List;
import java.util.Set;

/// What the configuration's contract has and this version does not: refused by name. The one list
/// of it; it gets shorter with each version. `*` stands for a name that the operator chose, `[]`
/// for an item of a list, and what follows `=` is a word among the key's values.
final class NotBuilt {
  static final Set<String> ALL =
      Set.of(
          "listeners.*.certificates",
          "listeners.*.proxy-protocol",
          "listeners.*.forwarded",
          "pools.*.kind=gogs",
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
          "limits.upload",
          "limits.logins",
          "limits.packs",
          "timeouts.tunnel",
          "cache",
          "audit.rotate",
          "audit.keep",
          "audit.copy-to",
          "audit.when-failing",
          "shared-state");

  private NotBuilt() {}

  static boolean key(String shape) {
    return ALL.contains(shape);
  }

  static boolean value(String shape, String word) {
    return ALL.contains(shape + "=" + word);
  }

  /// The last words of the keys of a section that are not built yet.
  static List<String> keysOf(String shape) {
    String prefix = shape.isEmpty() ? "" : shape + ".";
    return ALL.stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .filter(rest -> rest.indexOf('.') < 0 && rest.indexOf('=') < 0 && rest.indexOf('[') < 0)
        .toList();
  }
}
