package packhorse.config;

import java.util.Optional;

/// A secret and where it came from. Never printed.
///
/// @param value what was there when the configuration was read
public record Secret(Reference from, String value) {

  /// What is there now: a file is read again, because it may have been replaced. Empty where it can
  /// no longer be read as a secret. Reads a small file.
  public Optional<String> current() {
    return switch (from) {
      case Reference.InEnvironment variable -> Optional.of(value);
      case Reference.InFile file -> SecretText.find(file.path());
    };
  }

  /// The reference only.
  @Override
  public String toString() {
    return "Secret[" + from + "]";
  }
}
