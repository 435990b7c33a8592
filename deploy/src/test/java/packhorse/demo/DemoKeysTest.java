package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoKeysTest {
  @TempDir Path folder;

  @Test
  void openssh_reads_the_private_key_and_finds_the_public_one_in_it() throws Exception {
    Path file = folder.resolve("keys/alice");
    String key = DemoKeys.write(file, "alice");
    assertThat(key).startsWith("ssh-ed25519 AAAA");
    assertThat(Files.readString(folder.resolve("keys/alice.pub"))).startsWith(key + " alice");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(said("ssh-keygen", "-y", "-P", "", "-f", file.toString())).startsWith(key);
  }

  private static String said(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
