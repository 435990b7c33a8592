package packhorse.config;

import java.nio.file.Path;

/// Where a secret or a key is kept: the file never holds one itself.
public sealed interface Reference {

  /// `{ file: path }`, the path made absolute.
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
