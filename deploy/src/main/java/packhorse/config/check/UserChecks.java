package packhorse.config.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Settings;
import packhorse.config.model.SshPublicKey;
import packhorse.config.model.UserSettings;
import packhorse.placement.Pool;

/// Checks users and groups. It is an error if two users have the same SSH key, or if a user listed
/// in a group does not exist. It is a warning if a user has no credential, or if no user can log in
/// to a listener or pool that needs a login.
record UserChecks(Settings settings, ProblemCollector problems) {

  void check() {
    checkKeyOwners();
    settings.groups().forEach(this::checkGroup);
    List<UserSettings> users = settings.users();
    for (UserSettings user : users) {
      if (user.password().isEmpty() && user.keys().isEmpty() && user.tokens().isEmpty()) {
        problems.warning("users." + user.name(), "has no password, no keys and no tokens");
      }
    }
    boolean noKeys = users.stream().allMatch(u -> u.keys().isEmpty());
    for (ListenerSettings listener : settings.listeners()) {
      if (listener instanceof ListenerSettings.Ssh && noKeys) {
        problems.warning("listeners." + listener.name(), "nobody can log in: no user has a key");
      }
    }
    for (PoolSettings pool : settings.pools()) {
      if (pool.authentication() == Pool.Authentication.PROXY && users.isEmpty()) {
        problems.warning(
            "pools." + pool.name() + ".authentication", "nobody can log in: there are no users");
      }
    }
  }

  /// @param facts the entries of the group, each of the form `user:NAME`
  ///   ([UserSettings#FACT_PREFIX]); other forms were reported when the configuration was read
  private void checkGroup(String groupName, List<String> facts) {
    List<String> userNames = settings.users().stream().map(UserSettings::name).toList();
    for (int i = 0; i < facts.size(); i++) {
      String fact = facts.get(i);
      if (!fact.startsWith(UserSettings.FACT_PREFIX)) continue;
      String name = fact.substring(UserSettings.FACT_PREFIX.length());
      if (!userNames.contains(name)) {
        problems.error(
            "groups." + groupName + "[" + (i + 1) + "]",
            "there is no user \"" + name + "\"",
            Suggestion.closest(name, userNames));
      }
    }
  }

  private void checkKeyOwners() {
    Map<SshPublicKey, String> owners = new HashMap<>();
    for (UserSettings user : settings.users()) {
      for (int i = 0; i < user.keys().size(); i++) {
        String configKey = "users." + user.name() + ".keys[" + (i + 1) + "]";
        for (SshPublicKey publicKey : user.keys().get(i).keys()) {
          String owner = owners.putIfAbsent(publicKey, user.name());
          if (owner != null && !owner.equals(user.name())) {
            problems.error(configKey, "is also a key of user \"" + owner + "\"");
          }
        }
      }
    }
  }
}
