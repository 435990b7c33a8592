import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Records the inputs of a build product in a file beside it, so that the product is built again
/// only if they have changed.
record Key(Path file) {
  /// Whether the product was built from these inputs.
  boolean fits(String inputs) throws IOException {
    return Files.exists(file) && Files.readString(file).equals(inputs);
  }

  /// Records the inputs. Called when the product is complete.
  void write(String inputs) throws IOException {
    Files.writeString(file, inputs);
  }
}
