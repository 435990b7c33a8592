package packhorse.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which modes let other users in, and that only their permissions are removed.
final class PrivateFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    setMode(folder, "rwxr-xr-x");
    file = Files.createFile(folder.resolve("file"));
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r--r--, rw-r-----",
    "rw--w--w-, rw--w----",
    "rw-rw-rw-, rw-rw----",
    "rwxrwxrwx, rwxrwx---"
  })
  void the_permissions_of_others_are_removed(String before, String after) throws IOException {
    setMode(file, before);
    assertThat(PrivateFile.modeIfOpenToOthers(file)).contains(before);
    PrivateFile.restrict(file);
    assertThat(mode(file)).isEqualTo(after);
    assertThat(PrivateFile.modeIfOpenToOthers(file)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"rw-------", "rw-r-----", "r-xrwx---"})
  void owner_and_group_keep_their_permissions(String mode) throws IOException {
    setMode(file, mode);
    assertThat(PrivateFile.modeIfOpenToOthers(file)).isEmpty();
    PrivateFile.restrict(file);
    assertThat(mode(file)).isEqualTo(mode);
  }

  @Test
  void a_folder_that_keeps_others_out_protects_its_files() throws IOException {
    setMode(file, "rw-r--r--");
    setMode(folder, "rwxr-x---");
    assertThat(PrivateFile.modeIfOpenToOthers(file)).isEmpty();
    PrivateFile.restrict(file);
    assertThat(mode(file)).isEqualTo("rw-r--r--");
  }

  @Test
  void what_a_symbolic_link_refers_to_counts() throws IOException {
    setMode(file, "rw-r--r--");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThat(PrivateFile.modeIfOpenToOthers(link)).contains("rw-r--r--");
    assertThat(PrivateFile.modeIfOpenToOthers(folder.resolve("none"))).isEmpty();
  }
}
