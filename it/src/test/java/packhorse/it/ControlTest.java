package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.SharedHostKeys;

/// Commands that connect to a running proxy, run as processes.
@ExtendWith(LeakDetector.class)
final class ControlTest {
  private static final Pattern DECISION = Pattern.compile("\\(decision ([0-9a-z]+)\\)");
  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int NO_PROXY = 4;

  @TempDir Path folder = Path.of("");

  @Test
  void each_of_two_proxies_is_reached_by_its_configuration_and_by_its_socket() throws IOException {
    try (RunningProxy one = RunningProxy.start(config("one"));
        RunningProxy two = RunningProxy.start(config("two"))) {
      String id = refusedRequest(one);
      String otherId = refusedRequest(two);
      for (RunningProxy proxy : new RunningProxy[] {one, two}) {
        String requestId = proxy == one ? id : otherId;
        Path file = proxy.folder().resolve("packhorse.yaml");
        Path socket = proxy.folder().resolve("control.sock");
        String explanation = explain("--config", file.toString(), requestId).output();
        assertThat(explanation)
            .startsWith("request          " + requestId)
            .contains("cannot be reached");
        assertThat(explain("--control", socket.toString(), requestId).output())
            .isEqualTo(explanation);
        assertThat(Files.getPosixFilePermissions(socket))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      CommandResult notFound =
          explain("--config", one.folder() + "/packhorse.yaml", otherId).expectExit(FAILURE);
      assertThat(notFound.stderr()).isEqualTo("packhorse: no record of decision " + otherId + "\n");
    }
  }

  @Test
  void a_missing_proxy_is_reported_in_one_line() throws IOException {
    Path file = config("none").write();
    CommandResult result = explain("--config", file.toString(), "abc").expectExit(NO_PROXY);
    assertThat(result.stderr())
        .startsWith("packhorse: no proxy answers at " + folder.resolve("none/control.sock"))
        .hasLineCount(1);
    assertThat(explain("abc").expectExit(USAGE).stderr())
        .isEqualTo("packhorse: --config FILE or --control SOCKET is required\n");
  }

  @Test
  void the_socket_of_a_dead_proxy_is_replaced_and_that_of_a_running_one_is_not()
      throws IOException {
    try (var process = new ProxyProcess(config("one"))) {
      RunningCommand first = process.start();
      first.kill();
      first.waitFor().expectFailure();
      assertThat(process.controlSocket()).exists();
      String unreachable = explain("--control", process.controlSocket().toString(), "abc").stderr();
      assertThat(unreachable).startsWith("packhorse: no proxy answers at ");
      process.start();
      CommandResult result =
          explain("--control", process.controlSocket().toString(), "abc").expectExit(FAILURE);
      assertThat(result.stderr()).isEqualTo("packhorse: no record of decision abc\n");

      ProxyConfig config = config("two").section("control", process.controlSocket().toString());
      try (var second = new ProxyProcess(config)) {
        assertThat(second.serveCommand().run().expectExit(FAILURE).stderr())
            .isEqualTo(
                "packhorse: control: another proxy is listening on "
                    + process.controlSocket()
                    + "\n");
      }
      explain("--control", process.controlSocket().toString(), "abc").expectExit(FAILURE);
    }
  }

  @Test
  void a_regular_file_at_the_path_of_the_socket_is_left_alone() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "text");
    ProxyConfig config = config("one").section("control", precious.toString());
    try (var process = new ProxyProcess(config)) {
      assertThat(process.serveCommand().run().expectExit(FAILURE).stderr())
          .isEqualTo("packhorse: control: " + precious + " exists and is not a socket\n");
    }
    assertThat(precious).hasContent("text");
  }

  private ProxyConfig config(String name) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    SharedHostKeys.copyTo(own.resolve("host-keys"));
    return ProxyConfig.in(own).node("none", "http://127.0.0.1:1");
  }

  private CommandResult explain(String... arguments) {
    String[] argv = new String[arguments.length + 1];
    argv[0] = "explain";
    System.arraycopy(arguments, 0, argv, 1, arguments.length);
    return ProxyProcess.packhorse(folder, argv).run();
  }

  private String refusedRequest(RunningProxy proxy) {
    GitRunner git = GitRunner.in(proxy.folder().resolve("client"));
    Matcher m = DECISION.matcher(git.run("ls-remote", proxy.httpUrl("acme/app")).stderr());
    assertThat(m.find()).isTrue();
    return m.group(1);
  }
}
