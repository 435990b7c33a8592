package packhorse.config;

import java.util.List;
import java.util.Optional;
import packhorse.identity.PasswordHash;
import packhorse.identity.TokenHash;

/// Reads `users`.
record UserReader(Surroundings surroundings) {

  List<UserSettings> read(Section root) {
    return root.optional("users", c -> c.entries(this::user), List.of());
  }

  private UserSettings user(String name, Cursor cursor) {
    if (name.indexOf(':') >= 0
        || !name.equals(name.strip())
        || name.chars().anyMatch(Character::isISOControl)) {
      cursor.error("a user name has no colon, no control character and no blank at either end");
    }
    return cursor.section(s ->
        new UserSettings(
            name,
            s.find("password", c -> surroundings.secret(c, PasswordHash::parse)),
            s.list("keys", this::keys),
            s.list("tokens", c -> surroundings.secret(c, TokenHash::parse))));
  }

  private KeyFile keys(Cursor cursor) {
    Optional<Reference> from = surroundings.reference(cursor);
    if (from.isEmpty()) {
      return new KeyFile(new Reference.InEnvironment(""), List.of());
    }
    try {
      return new KeyFile(from.get(), keys(from.get()));
    } catch (IllegalArgumentException unusable) {
      cursor.error(String.valueOf(unusable.getMessage()));
      return new KeyFile(from.get(), List.of());
    }
  }

  private List<SshKey> keys(Reference from) {
    List<String> lines =
        surroundings
            .text(from)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(from + " is empty");
    }
    try {
      return lines.stream().map(SshKey::parse).toList();
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(from + " " + malformed.getMessage(), malformed);
    }
  }
}
