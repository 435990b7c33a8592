package packhorse.config.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import packhorse.config.model.ActAsSettings;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Reference;
import packhorse.config.model.Secret;
import packhorse.config.model.Settings;
import packhorse.config.model.UserSettings;
import packhorse.file.PrivateFile;

/// Checks the file modes of secrets, private keys, the state directory and the audit file: warns if
/// every user of the machine can read or change one of them.
record FileModeChecks(Settings settings, ProblemCollector problems) {

  void check() {
    warnIfOpen("state.directory", settings.state().directory());
    settings.state().keys().forEach(key -> checkSecret("state.key", key));
    settings.audit().ifPresent(audit -> warnIfOpen("audit.file", audit.file()));
    for (ListenerSettings listener : settings.listeners()) {
      if (listener instanceof ListenerSettings.Https https) {
        warnIfOpen("listeners." + https.name() + ".key", https.privateKey());
      }
    }
    settings.pools().forEach(this::checkPool);
    settings.users().forEach(this::checkUser);
  }

  private void checkPool(PoolSettings pool) {
    if (pool.actAs() instanceof ActAsSettings.ActAsServiceAccount account) {
      checkSecret("pools." + pool.name() + ".act-as.basic.password", account.password());
    }
  }

  private void checkUser(UserSettings user) {
    String key = "users." + user.name();
    user.password().ifPresent(password -> checkSecret(key + ".password", password));
    List<Secret> tokens = user.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      checkSecret(key + ".tokens[" + (i + 1) + "]", tokens.get(i));
    }
  }

  private void checkSecret(String key, Secret secret) {
    if (secret.reference() instanceof Reference.InFile file) warnIfOpen(key, file.path());
  }

  /// Warns if every user of the machine can read or change a file, or can list or change a folder.
  ///
  /// @param key the configuration key of the path; nothing is checked if it has an error already
  void warnIfOpen(String key, Path path) {
    if (problems.hasErrorAt(key)) return;
    Optional<String> mode = PrivateFile.modeIfOpenToOthers(path);
    mode.ifPresent(m ->
        problems.warning(key, path + " is open to every user of this machine (mode " + m + ")"));
  }
}
