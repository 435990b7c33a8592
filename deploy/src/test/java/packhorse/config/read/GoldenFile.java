package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares a text with the file that contains the expected text. With `-Dgolden.update=true` the
/// file is written instead; review the difference before you commit it.
public final class GoldenFile {
  private GoldenFile() {}

  /// Returns the folder of the test resources in the source tree.
  public static Path resources() {
    return Path.of("src/test/resources").toAbsolutePath();
  }

  /// Compares a text with `src/test/resources/NAME`.
  public static void check(String name, String actual) {
    Path file = resources().resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.writeString(file, actual);
      }
      assertThat(actual).as("differs from %s", file).isEqualTo(Files.readString(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
