package packhorse.config.model;

import java.nio.file.Path;

/// Where a secret or a key is kept; the configuration file never contains one itself.
public sealed interface Reference {

  /// `{ file: PATH }`, with the path made absolute.
  record InFile(Path path) implements Reference {
    @Override
    public String toString() {
      return "file " + path;
    }
  }

  /// `{ env: NAME }`.
  record InEnvironment(String name) implements Reference {
    @Override
    public String toString() {
      return "environment variable " + name;
    }
  }
}
