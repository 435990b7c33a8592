package packhorse.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The number of files and sockets that this process may have open. Called at the start, and when
/// it has been reached.
public final class OpenFileLimit {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String NAME = "Max open files";

  private OpenFileLimit() {}

  /// Returns the limit; empty if there is none, or if this system does not tell.
  public static OptionalLong current() {
    try (var lines = Files.lines(LIMITS)) {
      return lines
          .filter(line -> line.startsWith(NAME))
          .findFirst()
          .map(OpenFileLimit::parse)
          .orElse(OptionalLong.empty());
    } catch (IOException e) {
      // a system without /proc, or no descriptor is left even for this file
      return OptionalLong.empty();
    }
  }

  private static OptionalLong parse(String line) {
    String soft = line.substring(NAME.length()).strip().split(" +", 2)[0];
    return soft.chars().allMatch(Character::isDigit)
        ? OptionalLong.of(Long.parseLong(soft))
        : OptionalLong.empty();
  }

  /// Returns whether an operation failed because the limit was reached.
  static boolean isReached(Throwable failure) {
    return Optional.ofNullable(failure.getMessage())
        .filter(message -> message.contains("Too many open files"))
        .isPresent();
  }
}
