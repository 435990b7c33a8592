package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.Test;

final class DemoHomeTest {
  @Test
  void the_folder_is_the_users_alone_and_gone_when_it_closes() throws IOException {
    Path folder;
    try (DemoHome home = DemoHome.create()) {
      folder = home.folder();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
      SampleRepositories.write(folder.resolve("repositories"));
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void jgit_sees_no_configuration_and_keeps_none() throws Exception {
    SystemReader before = SystemReader.getInstance();
    try (DemoHome home = DemoHome.create()) {
      SystemReader reader = SystemReader.getInstance();
      assertThat(reader.getUserConfig().getSections()).isEmpty();
      assertThat(reader.getSystemConfig().getSections()).isEmpty();
      assertThat(reader.getenv("HOME")).isNull();
      reader.getJGitConfig().setString("filesystem", home.folder().toString(), "resolution", "1 s");
      reader.getJGitConfig().save();
      assertThat(Path.of("nowhere")).doesNotExist();
    }
    assertThat(SystemReader.getInstance()).isSameAs(before);
  }
}
