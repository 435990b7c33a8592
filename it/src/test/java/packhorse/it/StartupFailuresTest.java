package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.SharedHostKeys;

/// How a `packhorse serve` process fails to start: with one line and an exit code.
@ExtendWith(LeakDetector.class)
final class StartupFailuresTest {
  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int LISTEN = 3;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"http", "ssh", "status"})
  void a_port_in_use_is_reported_with_its_listener(String listener) throws IOException {
    try (var process = new ProxyProcess(config());
        var occupied =
            new ServerSocket(process.port(listener), 1, InetAddress.getLoopbackAddress())) {
      CommandResult result = process.serveCommand().timeout(LIMIT).run().expectExit(LISTEN);
      assertThat(result.stderr())
          .isEqualTo(
              "packhorse: listeners.%s: cannot listen on 127.0.0.1:%d: address already in use\n"
                  .formatted(listener, occupied.getLocalPort()));
    }
  }

  @Test
  void a_privileged_port_is_reported_with_its_listener() throws IOException {
    Path firstUnprivilegedPort = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    // The kernel returns the whole content at once, and nothing to a reader with a smaller buffer.
    try (var in = Files.newBufferedReader(firstUnprivilegedPort)) {
      assumeTrue(
          Integer.parseInt(in.readLine()) > 7, "every user may bind every port on this machine");
    }
    ProxyConfig config = config().listeners("  http: { address: \"127.0.0.1:7\" }");
    CommandResult result =
        withoutPrivileges("serve", config.write().toString()).run().expectExit(LISTEN);
    assertThat(result.stderr())
        .isEqualTo("packhorse: listeners.http: cannot listen on 127.0.0.1:7: permission denied\n");
  }

  @Test
  void a_foreign_address_and_an_unresolvable_name_are_reported() throws IOException {
    assertThat(startWithAddress("192.0.2.7:8080").expectExit(LISTEN).stderr())
        .contains("listeners.http: cannot listen on 192.0.2.7:8080: ")
        .hasLineCount(1);
    assertThat(startWithAddress("nowhere.invalid:8080").expectExit(LISTEN).stderr())
        .isEqualTo(
            "packhorse: listeners.http: cannot listen on nowhere.invalid:8080: this name has no"
                + " address\n");
  }

  @Test
  void every_problem_of_a_configuration_is_reported() throws IOException {
    Path file = config().section("limits", "{ push: much, conections: 7 }").write();
    CommandResult result =
        ProxyProcess.packhorse(folder, "serve", file.toString()).run().expectExit(USAGE);
    assertThat(result.stderr().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(file + ":"))
        .anyMatch(line -> line.contains("did you mean \"connections\"?"));
  }

  @Test
  void an_unreadable_configuration_is_reported_in_one_line() throws IOException {
    assertThat(
            ProxyProcess.packhorse(folder, "serve", "nowhere.yaml")
                .run()
                .expectExit(USAGE)
                .stderr())
        .isEqualTo("nowhere.yaml: no such file\n");
    Path file = config().write();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    CommandResult result = withoutPrivileges("serve", file.toString()).run().expectExit(USAGE);
    assertThat(result.stderr()).startsWith(file + ": ").hasLineCount(1);
  }

  @Test
  void an_unreadable_file_named_by_the_configuration_is_reported_in_one_line() throws IOException {
    Path file = config().user("alice", "password: { file: nowhere.hash }").write();
    CommandResult result =
        ProxyProcess.packhorse(folder, "serve", file.toString()).run().expectExit(USAGE);
    assertThat(result.stderr()).contains("users.alice.password").contains("nowhere.hash");
    assertThat(result.stderr()).hasLineCount(1);
  }

  @Test
  void an_unwritable_audit_file_is_reported_in_one_line() throws IOException {
    Path file = config().section("audit", "{ file: nowhere/audit.jsonl }").write();
    CommandResult result =
        ProxyProcess.packhorse(folder, "serve", file.toString()).run().expectExit(FAILURE);
    assertThat(result.stderr())
        .isEqualTo(
            "packhorse: audit.file: %s/nowhere/audit.jsonl cannot be written: no such file or folder\n"
                .formatted(folder));
  }

  @Test
  void a_folder_that_may_not_be_written_is_reported_in_one_line() throws IOException {
    Path readOnly = Files.createDirectory(folder.resolve("read-only"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
    Path file = config().section("state", "{ directory: read-only/state }").write();
    CommandResult result = withoutPrivileges("serve", file.toString()).run().expectExit(FAILURE);
    assertThat(result.stderr().lines().filter(line -> !line.contains(": warning: ")))
        .containsExactly(
            "packhorse: state.directory: %s/state cannot be created: permission denied"
                .formatted(readOnly));
  }

  @ParameterizedTest
  @CsvSource({
    "2, control, read-only/c.sock, %2$s:15:10: control: %1$s/read-only is not writable",
    "2, audit, { file: read-only/a }, %2$s:13:16: audit.file: %1$s/read-only is not writable",
    "1, control, read-only/a/c.sock, packhorse: control: %1$s/read-only/a cannot be created:"
        + " permission denied",
    "1, state, { directory: /proc/s }, packhorse: state.directory: /proc/s cannot be created: no"
        + " such file or folder"
  })
  void a_path_that_cannot_be_created_is_reported_in_one_line(
      int status, String section, String value, String problem) throws IOException {
    Path readOnly = Files.createDirectory(folder.resolve("read-only"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
    Path file = config().section(section, value).write();
    CommandResult result = withoutPrivileges("serve", file.toString()).run().expectExit(status);
    assertThat(result.stderr().lines().filter(line -> !line.contains(": warning: ")))
        .containsExactly(problem.formatted(folder, file));
  }

  @Test
  void lost_host_keys_are_reported_in_one_line_and_not_regenerated() throws IOException {
    try (var process = new ProxyProcess(config())) {
      RunningCommand running = process.start();
      running.signal("TERM");
      running.waitFor().expectSuccess();
      Path keys = folder.resolve("host-keys");
      Files.delete(keys.resolve("ssh_host_rsa_key"));
      assertThat(
              ProxyProcess.packhorse(folder, "check", process.configFile().toString())
                  .run()
                  .stderr())
          .contains("warning: listeners.ssh.host-keys: ssh-rsa SHA256:")
          .contains("is gone since the last start");
      try (var all = Files.list(keys)) {
        for (Path key : all.toList()) Files.delete(key);
      }
      CommandResult result = process.serveCommand().timeout(LIMIT).run().expectExit(USAGE);
      assertThat(result.stderr().lines().filter(line -> !line.contains(": warning: ")))
          .singleElement()
          .asString()
          .contains("listeners.ssh.host-keys: " + keys + " has no host key");
      assertThat(keys).isEmptyDirectory();
    }
  }

  private ProxyConfig config() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    return ProxyConfig.in(folder)
        .node("none", "http://127.0.0.1:1")
        .listeners("  http: { address: \"127.0.0.1:0\" }");
  }

  private CommandResult startWithAddress(String address) throws IOException {
    ProxyConfig config = config().listeners("  http: { address: \"" + address + "\" }");
    return ProxyProcess.packhorse(folder, "serve", config.write().toString()).run();
  }

  /// Returns the command for `packhorse` without the privileges of root.
  private Command withoutPrivileges(String... arguments) {
    List<String> argv = new ArrayList<>();
    if (System.getProperty("user.name", "").equals("root")) {
      assumeTrue(
          Command.isInstalled("setpriv"),
          "the user is root, and there is no setpriv on this machine");
      argv.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
    }
    argv.addAll(ProxyProcess.packhorse(folder, arguments).argv());
    return Command.of(folder, argv.toArray(String[]::new));
  }
}
