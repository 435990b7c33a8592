package packhorse.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Words for a file operation that failed. The message of most exceptions of `java.nio.file` is
/// only the path. Stateless.
public final class FileProblem {
  private FileProblem() {}

  /// Returns an exception for the operator, such as `state.directory: /srv/state cannot be created:
  /// permission denied`.
  ///
  /// @param key the key of the configuration that names the path
  /// @param operation what failed, as a participle: `created`, `written`
  public static IOException at(String key, Path path, String operation, IOException failure) {
    return new IOException(
        "%s: %s cannot be %s: %s".formatted(key, path, operation, reason(failure)), failure);
  }

  /// Says why an operation failed, in lower case and without the path of the operation.
  public static String reason(IOException failure) {
    return switch (failure) {
      case AccessDeniedException e -> "permission denied";
      case NoSuchFileException e -> "no such file or folder";
      case NotDirectoryException e -> "not a folder";
      case FileAlreadyExistsException e -> "a file with this name exists";
      case FileSystemException e -> inLowerCase(Optional.ofNullable(e.getReason()));
      default -> inLowerCase(Optional.ofNullable(failure.getMessage()).map(FileProblem::unwrap));
    };
  }

  /// The classes of `java.io` write `PATH (Permission denied)`.
  private static String unwrap(String message) {
    int open = message.lastIndexOf(" (");
    return open >= 0 && message.endsWith(")")
        ? message.substring(open + 2, message.length() - 1)
        : message;
  }

  private static String inLowerCase(Optional<String> reason) {
    return reason
        .filter(text -> !text.isEmpty())
        .map(text -> text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1))
        .orElse("for an unknown reason");
  }
}
