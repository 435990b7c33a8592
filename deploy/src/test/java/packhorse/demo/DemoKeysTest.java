package packhorse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Key files of the demo, read by OpenSSH.
final class DemoKeysTest {
  @TempDir Path folder;

  @Test
  void openssh_reads_the_private_key_and_derives_the_public_key_from_it() throws Exception {
    Path file = folder.resolve("keys/alice");
    String key = DemoKeys.write(file, "alice");
    assertThat(key).startsWith("ssh-ed25519 AAAA");
    assertThat(Files.readString(folder.resolve("keys/alice.pub"))).startsWith(key + " alice");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(output("ssh-keygen", "-y", "-P", "", "-f", file.toString())).startsWith(key);
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
