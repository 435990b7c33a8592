package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.Test;

/// The folder of a demo, and what JGit sees of the machine while it is open.
final class DemoFolderTest {
  @Test
  void the_folder_is_accessible_to_the_user_only_and_deleted_when_closed() throws IOException {
    Path path;
    try (DemoFolder folder = DemoFolder.create()) {
      path = folder.path();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
      SampleRepositories.write(path.resolve("repositories"));
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void jgit_neither_reads_nor_writes_configuration() throws Exception {
    SystemReader before = SystemReader.getInstance();
    try (DemoFolder folder = DemoFolder.create()) {
      SystemReader reader = SystemReader.getInstance();
      assertThat(reader.getUserConfig().getSections()).isEmpty();
      assertThat(reader.getSystemConfig().getSections()).isEmpty();
      assertThat(reader.getenv("HOME")).isNull();
      reader.getJGitConfig().setString("filesystem", folder.path().toString(), "resolution", "1 s");
      reader.getJGitConfig().save();
      assertThat(Path.of("nowhere")).doesNotExist();
    }
    assertThat(SystemReader.getInstance()).isSameAs(before);
  }
}
