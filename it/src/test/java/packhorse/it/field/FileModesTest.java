package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.SharedHostKeys;

/// The files of the proxy that every user of the machine can read before the start.
@ExtendWith(LeakDetector.class)
final class FileModesTest {

  @Test
  void a_start_closes_state_host_keys_and_audit_file_to_other_users(@TempDir Path folder)
      throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    Path state = Files.createDirectories(folder.resolve("state"));
    Path audit = Files.writeString(folder.resolve("audit.jsonl"), "");
    List<Path> secrets = new ArrayList<>(List.of(state, audit));
    try (Stream<Path> keys = Files.list(folder.resolve("host-keys"))) {
      keys.filter(file -> !file.toString().endsWith(".pub")).forEach(secrets::add);
    }
    for (Path file : secrets) setMode(file, Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--");
    setMode(folder, "rwxr-xr-x");

    ProxyConfig config = ProxyConfig.in(folder).node("none", "http://127.0.0.1:1");
    try (RunningProxy proxy = RunningProxy.start(config)) {
      assertThat(proxy.port("ssh")).isPositive();
    }
    assertThat(secrets)
        .hasSizeGreaterThan(2)
        .allSatisfy(file -> assertThat(mode(file)).as(file.toString()).endsWith("---"));
  }

  private static void setMode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
