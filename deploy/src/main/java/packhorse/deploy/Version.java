package packhorse.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/// The project's version, which the build writes into a resource.
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"packhorse " + number()};
  }

  /// The version number, such as `0.1.0`.
  public static String number() {
    try (InputStream resource = Version.class.getResourceAsStream("version.txt")) {
      if (resource == null) {
        throw new IllegalStateException("version.txt is missing from the jar");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
