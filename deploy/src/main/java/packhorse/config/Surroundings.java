package packhorse.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Where the file is and what the environment says: makes paths absolute and reads references.
///
/// @param folder the file's folder, absolute
record Surroundings(Path folder, Map<String, String> environment) {
  private static final Secret NO_SECRET = new Secret(new Reference.InEnvironment(""), "");

  /// A path, relative to the file.
  Path path(Cursor cursor) {
    return cursor.parsed(this::resolve, folder);
  }

  /// A folder of systemd's, or one beside the file.
  ///
  /// @param variable as in systemd.exec(5); the first folder that it names counts
  Path folder(String variable, String beside) {
    String named = environment.getOrDefault(variable, "").split(":", 2)[0];
    return named.isEmpty() ? folder.resolve(beside).normalize() : Path.of(named);
  }

  /// A secret that the check finds in order; the check throws IllegalArgumentException with a
  /// sentence whose subject is left out, and never repeats the secret.
  Secret secret(Cursor cursor, Consumer<String> check) {
    return reference(cursor)
        .flatMap(from -> {
          try {
            return Optional.of(checked(from, check));
          } catch (IllegalArgumentException unusable) {
            cursor.error(String.valueOf(unusable.getMessage()));
            return Optional.empty();
          }
        })
        .orElse(NO_SECRET);
  }

  private Secret checked(Reference from, Consumer<String> check) {
    String value = line(from);
    try {
      check.accept(value);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(from + " " + malformed.getMessage(), malformed);
    }
    return new Secret(from, value);
  }

  private String line(Reference from) {
    return switch (from) {
      case Reference.InFile file -> SecretText.read(file.path());
      case Reference.InEnvironment variable ->
          SecretText.oneLine(text(variable), variable.toString());
    };
  }

  /// The whole text behind a reference.
  ///
  /// @throws IllegalArgumentException with a sentence that names the reference
  String text(Reference from) {
    return switch (from) {
      case Reference.InFile file -> SecretText.file(file.path());
      case Reference.InEnvironment variable -> {
        String value = environment.get(variable.name());
        if (value == null) {
          throw new IllegalArgumentException(variable + " is not set");
        }
        yield value;
      }
    };
  }

  /// `{ file: path }` or `{ env: NAME }`.
  Optional<Reference> reference(Cursor cursor) {
    if (cursor.isScalar()) {
      cursor.error("must be a reference, { file: path } or { env: NAME }");
      return Optional.empty();
    }
    return cursor.section(section -> {
      Optional<Reference> file = section.find("file", c -> new Reference.InFile(path(c)));
      Optional<Reference> env = section.find("env", c -> new Reference.InEnvironment(c.text()));
      if (file.isEmpty() && env.isEmpty()) {
        section.missing("file");
      } else if (file.isPresent() && env.isPresent()) {
        section.error("has both file and env");
      }
      return file.or(() -> env);
    });
  }

  private Path resolve(String text) {
    try {
      return folder.resolve(text).normalize();
    } catch (InvalidPathException malformed) {
      throw new IllegalArgumentException("\"" + text + "\" is no path", malformed);
    }
  }
}
