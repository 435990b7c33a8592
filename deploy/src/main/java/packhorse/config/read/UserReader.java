package packhorse.config.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.config.model.Reference;
import packhorse.config.model.SshPublicKey;
import packhorse.config.model.UserSettings;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;
import packhorse.memory.MemoryPlan;
import packhorse.ssh.key.UserKeyFormat;

/// Reads the section `users` of the configuration file.
record UserReader(ReferenceResolver resolver) {

  List<UserSettings> read(Section root) {
    return root.optional("users", v -> v.entries(this::user), List.of());
  }

  private UserSettings user(String name, YamlValue value) {
    if (name.indexOf(':') >= 0
        || !name.equals(name.strip())
        || name.chars().anyMatch(Character::isISOControl)) {
      value.error(
          "a user name must not contain a colon or a control character, nor begin or end with white"
              + " space");
    }
    return value.section(s ->
        new UserSettings(
            name,
            s.find("password", v -> resolver.readSecret(v, UserReader::checkPassword)),
            s.list("keys", this::keyFile),
            s.list("tokens", v -> resolver.readSecret(v, TokenHash::parse))));
  }

  private static void checkPassword(String encoded) {
    PasswordHash.parse(encoded).requireFits(MemoryPlan.ofThisJvm());
  }

  private UserSettings.KeyFile keyFile(YamlValue value) {
    Optional<Reference> reference = resolver.readReference(value);
    if (reference.isEmpty()) {
      return new UserSettings.KeyFile(new Reference.InEnvironment(""), List.of());
    }
    try {
      return new UserSettings.KeyFile(reference.get(), publicKeys(reference.get()));
    } catch (IllegalArgumentException unusable) {
      value.error(String.valueOf(unusable.getMessage()));
      return new UserSettings.KeyFile(reference.get(), List.of());
    }
  }

  private List<SshPublicKey> publicKeys(Reference reference) {
    List<String> lines = resolver.readText(reference).lines().map(String::strip).toList();
    List<SshPublicKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isEmpty() || lines.get(i).startsWith("#")) continue;
      try {
        keys.add(publicKey(lines.get(i)));
      } catch (IllegalArgumentException unusable) {
        String subject = "line " + (i + 1) + " of " + reference;
        throw new IllegalArgumentException(subject + " " + unusable.getMessage(), unusable);
      }
    }
    if (keys.isEmpty()) throw new IllegalArgumentException(reference + " is empty");
    return keys;
  }

  private static SshPublicKey publicKey(String line) {
    SshPublicKey key = SshPublicKey.parse(line);
    UserKeyFormat.check(key.type(), key.blob());
    return key;
  }
}
