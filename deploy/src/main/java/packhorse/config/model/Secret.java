package packhorse.config.model;

import java.util.Optional;

/// A secret and the reference through which it was read. Its value is never printed.
///
/// @param value the secret when the configuration was read
public record Secret(Reference reference, String value) {

  /// Returns the secret as it is now: a file is read again, because it may have been replaced.
  /// Empty if it can no longer be read as a secret. Reads a small file.
  public Optional<String> currentValue() {
    return switch (reference) {
      case Reference.InEnvironment variable -> Optional.of(value);
      case Reference.InFile file -> ReferencedText.findSecret(file.path());
    };
  }

  /// The reference only.
  @Override
  public String toString() {
    return "Secret[" + reference + "]";
  }
}
