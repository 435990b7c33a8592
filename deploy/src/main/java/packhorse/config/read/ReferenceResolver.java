package packhorse.config.read;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import packhorse.config.model.Reference;
import packhorse.config.model.ReferencedText;
import packhorse.config.model.Secret;
import packhorse.file.TextFile;

/// Resolves the paths and references of a configuration file against the file's folder and the
/// environment.
///
/// @param folder the file's folder, absolute
record ReferenceResolver(Path folder, Map<String, String> environment) {
  /// Stands for a secret that could not be read.
  static final Secret NO_SECRET = new Secret(new Reference.InEnvironment(""), "");

  /// Reads a path, which is relative to the file's folder.
  Path path(YamlValue value) {
    return value.parse(this::resolve, folder);
  }

  /// Returns a folder that systemd created for the service, or a path in the file's folder.
  ///
  /// @param variable the environment variable, as in systemd.exec(5); if it lists several folders,
  ///   the first one is used
  /// @param fallback the path in the file's folder, if the variable is not set
  Path folder(String variable, String fallback) {
    String systemdFolder = environment.getOrDefault(variable, "").split(":", 2)[0];
    return systemdFolder.isEmpty() ? folder.resolve(fallback).normalize() : Path.of(systemdFolder);
  }

  /// Reads a secret and checks it.
  ///
  /// @param check throws IllegalArgumentException with a message whose subject is left out and
  ///   which does not repeat the secret
  Secret readSecret(YamlValue value, Consumer<String> check) {
    return readReference(value)
        .flatMap(reference -> {
          try {
            return Optional.of(readSecret(reference, check));
          } catch (IllegalArgumentException unusable) {
            value.error(String.valueOf(unusable.getMessage()));
            return Optional.empty();
          }
        })
        .orElse(NO_SECRET);
  }

  private Secret readSecret(Reference reference, Consumer<String> check) {
    String secret = readLine(reference);
    try {
      check.accept(secret);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(reference + " " + malformed.getMessage(), malformed);
    }
    return new Secret(reference, secret);
  }

  private String readLine(Reference reference) {
    return switch (reference) {
      case Reference.InFile file -> ReferencedText.readSecret(file.path());
      case Reference.InEnvironment variable ->
          ReferencedText.singleLine(readText(variable), variable.toString());
    };
  }

  /// Reads the whole text behind a reference.
  ///
  /// @throws IllegalArgumentException with a message that names the reference
  String readText(Reference reference) {
    return switch (reference) {
      case Reference.InFile file -> TextFile.read(file.path());
      case Reference.InEnvironment variable -> {
        String text = environment.get(variable.name());
        if (text == null) {
          throw new IllegalArgumentException(variable + " is not set");
        }
        yield text;
      }
    };
  }

  /// Reads `{ file: PATH }` or `{ env: NAME }`.
  Optional<Reference> readReference(YamlValue value) {
    if (value.isScalar()) {
      value.error("must be a reference: { file: PATH } or { env: NAME }");
      return Optional.empty();
    }
    return value.section(section -> {
      Optional<Reference> file = section.find("file", v -> new Reference.InFile(path(v)));
      Optional<Reference> env = section.find("env", v -> new Reference.InEnvironment(v.text()));
      if (file.isEmpty() && env.isEmpty()) {
        section.reportMissing("file");
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
      throw new IllegalArgumentException("\"" + text + "\" is not a valid path", malformed);
    }
  }
}
