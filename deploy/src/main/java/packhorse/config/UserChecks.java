package packhorse.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks that a key has one owner, and that somebody can log in where that is asked for.
record UserChecks(Settings settings, Problems problems) {

  void check() {
    oneOwner();
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
      if (pool.authentication() == PoolSettings.Authentication.PROXY && users.isEmpty()) {
        problems.warning(
            "pools." + pool.name() + ".authentication", "nobody can log in: there are no users");
      }
    }
  }

  private void oneOwner() {
    Map<SshKey, String> owners = new HashMap<>();
    for (UserSettings user : settings.users()) {
      for (int i = 0; i < user.keys().size(); i++) {
        String key = "users." + user.name() + ".keys[" + (i + 1) + "]";
        for (SshKey sshKey : user.keys().get(i).keys()) {
          String owner = owners.putIfAbsent(sshKey, user.name());
          if (owner != null && !owner.equals(user.name())) {
            problems.error(key, "is a key of user \"" + owner + "\" too");
          }
        }
      }
    }
  }
}
