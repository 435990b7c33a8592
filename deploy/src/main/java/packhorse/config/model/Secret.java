package packhorse.config.model;

/// A secret and the reference through which it was read. Its value is never printed.
///
/// @param value the secret when the configuration was read
public record Secret(Reference reference, String value) {

  /// Returns the secret as it is now: a file is read again, because it may have been replaced.
  /// Reads a small file.
  ///
  /// @throws IllegalArgumentException with a message that names the file, if it can no longer be
  ///   read as a secret
  public String currentValue() {
    return switch (reference) {
      case Reference.InEnvironment variable -> value;
      case Reference.InFile file -> ReferencedText.readSecret(file.path());
    };
  }

  /// The reference only.
  @Override
  public String toString() {
    return "Secret[" + reference + "]";
  }
}
