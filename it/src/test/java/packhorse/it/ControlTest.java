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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.Served;
import packhorse.it.kit.SharedHostKeys;
import packhorse.it.kit.Started;

/// Commands that talk to a running proxy, as processes.
@ExtendWith(Leaks.class)
final class ControlTest {
  private static final Pattern DECISION = Pattern.compile("\\(decision ([0-9a-z]+)\\)");
  private static final int FAILURE = 1;
  private static final int USAGE = 2;
  private static final int NO_PROXY = 4;

  @TempDir Path folder = Path.of("");

  @Test
  void each_of_two_proxies_is_found_by_its_configuration_and_by_its_socket() throws IOException {
    try (RunningProxy one = RunningProxy.start(text("one"));
        RunningProxy two = RunningProxy.start(text("two"))) {
      String id = refused(one);
      String other = refused(two);
      for (RunningProxy proxy : new RunningProxy[] {one, two}) {
        String asked = proxy == one ? id : other;
        Path file = proxy.folder().resolve("packhorse.yaml");
        Path socket = proxy.folder().resolve("control.sock");
        String told = explain("--config", file.toString(), asked).output();
        assertThat(told).startsWith("request   " + asked).contains("cannot be reached");
        assertThat(explain("--control", socket.toString(), asked).output()).isEqualTo(told);
        assertThat(Files.getPosixFilePermissions(socket))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      Ran wrong = explain("--config", one.folder() + "/packhorse.yaml", other).expectExit(FAILURE);
      assertThat(wrong.stderr()).isEqualTo("packhorse: no decision " + other + " is remembered\n");
    }
  }

  @Test
  void where_no_proxy_runs_it_is_said_in_one_line() throws IOException {
    Path file = text("none").write();
    Ran ran = explain("--config", file.toString(), "abc").expectExit(NO_PROXY);
    assertThat(ran.stderr())
        .startsWith("packhorse: no proxy answers at " + folder.resolve("none/control.sock"))
        .hasLineCount(1);
    assertThat(explain("abc").expectExit(USAGE).stderr())
        .isEqualTo("packhorse: say --config FILE or --control SOCKET\n");
  }

  @Test
  void the_socket_of_a_dead_proxy_is_replaced_and_that_of_a_living_one_is_not() throws IOException {
    try (var served = new Served(text("one"))) {
      Started first = served.start();
      first.kill();
      first.finish().expectFailure();
      assertThat(served.control()).exists();
      String before = explain("--control", served.control().toString(), "abc").stderr();
      assertThat(before).startsWith("packhorse: no proxy answers at ");
      served.start();
      Ran ran = explain("--control", served.control().toString(), "abc").expectExit(FAILURE);
      assertThat(ran.stderr()).isEqualTo("packhorse: no decision abc is remembered\n");

      ProxyText text = text("two").section("control", served.control().toString());
      try (var second = new Served(text)) {
        assertThat(second.command().run().expectExit(FAILURE).stderr())
            .isEqualTo("packhorse: control: another proxy answers at " + served.control() + "\n");
      }
      explain("--control", served.control().toString(), "abc").expectExit(FAILURE);
    }
  }

  @Test
  void a_file_where_the_socket_should_be_is_left_alone() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "text");
    ProxyText text = text("one").section("control", precious.toString());
    try (var served = new Served(text)) {
      assertThat(served.command().run().expectExit(FAILURE).stderr())
          .isEqualTo("packhorse: control: " + precious + " is there and no socket\n");
    }
    assertThat(precious).hasContent("text");
  }

  private ProxyText text(String name) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    SharedHostKeys.copyTo(own.resolve("host-keys"));
    return ProxyText.in(own).node("none", "http://127.0.0.1:1");
  }

  private Ran explain(String... arguments) {
    String[] argv = new String[arguments.length + 1];
    argv[0] = "explain";
    System.arraycopy(arguments, 0, argv, 1, arguments.length);
    return Served.program(folder, argv).run();
  }

  private String refused(RunningProxy proxy) {
    GitRunner git = GitRunner.in(proxy.folder().resolve("client"));
    Matcher m = DECISION.matcher(git.git("ls-remote", proxy.http("acme/app")).stderr());
    assertThat(m.find()).isTrue();
    return m.group(1);
  }
}
