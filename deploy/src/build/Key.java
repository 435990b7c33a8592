import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Remembers beside a product what it was made of, so that it is made again only when that changed.
record Key(Path file) {
  boolean fits(String wanted) throws IOException {
    return Files.exists(file) && Files.readString(file).equals(wanted);
  }

  void write(String made) throws IOException {
    Files.writeString(file, made);
  }
}
