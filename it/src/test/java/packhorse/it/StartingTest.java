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
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.Command;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Served;
import packhorse.it.kit.Started;

/// How `packhorse serve` says that it cannot, as a process: one line and an exit code.
@ExtendWith(Leaks.class)
final class StartingTest {
  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int LISTEN = 3;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"http", "ssh", "status"})
  void a_port_that_is_taken_is_named_with_its_listener(String listener) throws IOException {
    try (var served = new Served(text());
        var taken = new ServerSocket(served.port(listener), 1, InetAddress.getLoopbackAddress())) {
      Ran ran = served.command().limit(LIMIT).run().expectExit(LISTEN);
      assertThat(ran.stderr())
          .isEqualTo(
              "packhorse: listeners.%s: cannot listen on 127.0.0.1:%d: address already in use\n"
                  .formatted(listener, taken.getLocalPort()));
    }
  }

  @Test
  void a_port_that_only_root_may_take_is_named_with_its_listener() throws IOException {
    Path first = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    // the kernel gives it in one piece, and nothing to whoever reads less
    try (var in = Files.newBufferedReader(first)) {
      assumeTrue(Integer.parseInt(in.readLine()) > 7, "everybody may take every port here");
    }
    ProxyText text = text().listeners("  http: { address: \"127.0.0.1:7\" }");
    Ran ran = ordinary("serve", text.write().toString()).run().expectExit(LISTEN);
    assertThat(ran.stderr())
        .isEqualTo("packhorse: listeners.http: cannot listen on 127.0.0.1:7: permission denied\n");
  }

  @Test
  void an_address_of_another_machine_and_a_name_without_one_are_named() {
    assertThat(listening("192.0.2.7:8080").expectExit(LISTEN).stderr())
        .contains("listeners.http: cannot listen on 192.0.2.7:8080: ")
        .hasLineCount(1);
    assertThat(listening("nowhere.invalid:8080").expectExit(LISTEN).stderr())
        .isEqualTo(
            "packhorse: listeners.http: cannot listen on nowhere.invalid:8080: this name has no"
                + " address\n");
  }

  @Test
  void a_configuration_that_is_wrong_is_told_whole() throws IOException {
    Path file = text().section("limits", "{ push: much, conections: 7 }").write();
    Ran ran = Served.program(folder, "serve", file.toString()).run().expectExit(USAGE);
    assertThat(ran.stderr().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(file + ":"))
        .anyMatch(line -> line.contains("did you mean \"connections\"?"));
  }

  @Test
  void a_configuration_that_cannot_be_read_is_one_line() throws IOException {
    assertThat(Served.program(folder, "serve", "nowhere.yaml").run().expectExit(USAGE).stderr())
        .isEqualTo("nowhere.yaml: no such file\n");
    Path file = text().write();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Ran ran = ordinary("serve", file.toString()).run().expectExit(USAGE);
    assertThat(ran.stderr()).startsWith(file + ": ").hasLineCount(1);
  }

  @Test
  void a_file_that_the_configuration_names_and_nobody_can_read_is_one_line() {
    Path file = text().user("alice", "password: { file: nowhere.hash }").write();
    Ran ran = Served.program(folder, "serve", file.toString()).run().expectExit(USAGE);
    assertThat(ran.stderr()).contains("users.alice.password").contains("nowhere.hash");
    assertThat(ran.stderr()).hasLineCount(1);
  }

  @Test
  void an_audit_file_that_cannot_be_written_is_one_line() {
    Path file = text().section("audit", "{ file: nowhere/audit.jsonl }").write();
    Ran ran = Served.program(folder, "serve", file.toString()).run().expectExit(FAILURE);
    assertThat(ran.stderr()).contains("nowhere/audit.jsonl").hasLineCount(1);
  }

  @Test
  void host_keys_that_were_lost_are_one_line() throws IOException {
    try (var served = new Served(text())) {
      Started first = served.start();
      first.signal("TERM");
      first.finish().expectSuccess();
      Path keys = folder.resolve("host-keys");
      try (var all = Files.list(keys)) {
        for (Path key : all.toList()) Files.delete(key);
      }
      Ran ran = served.command().limit(LIMIT).run().expectExit(FAILURE);
      assertThat(ran.stderr()).contains(keys.toString()).hasLineCount(1);
      assertThat(keys).isEmptyDirectory();
    }
  }

  private ProxyText text() {
    return ProxyText.in(folder)
        .node("none", "http://127.0.0.1:1")
        .listeners("  http: { address: \"127.0.0.1:0\" }");
  }

  private Ran listening(String address) {
    ProxyText text = text().listeners("  http: { address: \"" + address + "\" }");
    return Served.program(folder, "serve", text.write().toString()).run();
  }

  /// The program without what root may do.
  private Command ordinary(String... arguments) {
    List<String> argv = new ArrayList<>();
    if (System.getProperty("user.name", "").equals("root")) {
      assumeTrue(Command.exists("setpriv"), "root may do everything, and there is no setpriv here");
      argv.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
    }
    argv.addAll(Served.program(folder, arguments).argv());
    return Command.of(folder, argv.toArray(String[]::new));
  }
}
