package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SharedHostKeys;
import packhorse.it.kit.ssh.SshKey;

/// How a `packhorse serve` process stops on a signal.
@Tag("alone")
@ExtendWith(LeakDetector.class)
final class ShutdownTest {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final SshKey key;
  private final ProxyConfig config;

  ShutdownTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    key = SshKey.ed25519(folder, "key");
    config = ProxyConfig.in(folder).node("one", node.url()).user("alice", key);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void a_signal_during_the_start_stops_the_process_cleanly(String signal) {
    // Without host keys in its folder, the proxy generates them, which prolongs the start.
    try (var process = new ProxyProcess(config)) {
      RunningCommand proxy = process.startWithoutWaiting(process.serveCommand());
      // The state directory is the first thing that a start creates.
      Await.until(
          "the start has begun", () -> Files.exists(folder.resolve("state")) || !proxy.isAlive());
      proxy.signal(signal);
      proxy.waitFor().expectSuccess();
      assertThat(process.controlSocket()).doesNotExist();
    }
  }

  @Test
  void a_signal_ends_a_start_that_waits_for_its_configuration() throws IOException {
    Path pipe = folder.resolve("pipe.yaml");
    Command.of(folder, "mkfifo", pipe.toString()).run().expectSuccess();
    try (RunningCommand proxy = ProxyProcess.packhorse(folder, "serve", pipe.toString()).start();
        // returns when the proxy has opened the pipe, which it then reads without end
        var pipeOfProxy = new FileOutputStream(pipe.toFile())) {
      assertThat(pipeOfProxy.getFD().valid()).isTrue();
      proxy.signal("TERM");
      proxy.waitFor(Duration.ofSeconds(15)).expectSuccess();
    }
  }

  @Test
  void a_hangup_only_opens_the_audit_file_anew() throws IOException {
    config.section("audit", "{ file: audit.jsonl }").section("log", "{ level: info }");
    try (var process = newProcess()) {
      RunningCommand proxy = process.start();
      Path audit = folder.resolve("audit.jsonl");
      Files.move(audit, folder.resolve("audit.jsonl.1"));
      proxy.signal("HUP");
      Await.until("the audit file is opened anew", () -> Files.exists(audit));
      git(process).run("ls-remote", process.httpUrl("acme/app")).expectSuccess();
      Await.until("the log has a line", () -> proxy.outputSoFar().contains("SIGHUP: "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void an_idle_proxy_stops_at_once_while_clients_are_connected(String signal) throws IOException {
    try (var process = newProcess()) {
      RunningCommand proxy = process.start();
      try (Socket http = connect(process.port("http"));
          Socket ssh = connect(process.port("ssh"))) {
        http.getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(http.getInputStream().read()).isEqualTo('H');
        assertThat(ssh.getInputStream().read()).isEqualTo('S');
        proxy.signal(signal);
        proxy.waitFor(STOP_LIMIT).expectSuccess();
      }
      assertThat(process.controlSocket()).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ssh"})
  void a_running_clone_and_a_running_push_finish(String protocol) throws IOException {
    try (var process = newProcess()) {
      RunningCommand proxy = process.start();
      String url =
          protocol.equals("ssh") ? process.sshUrl("acme/app") : process.httpUrl("acme/app");
      GitRunner git = git(process);
      git.run("clone", "-q", url, "app").expectSuccess();
      git.at("app").commit("new", "text");
      node.clearRequests();
      try (RunningCommand clone =
              startAndAwaitRequest(
                  git, RecordedRequest::isUploadPackPost, "clone", "-q", url, "again");
          RunningCommand push =
              startAndAwaitRequest(
                  git.at("app"),
                  RecordedRequest::isReceivePackPost,
                  "push",
                  "-q",
                  url,
                  "HEAD:refs/heads/new")) {
        proxy.signal("TERM");
        Await.until(
            "the listener is closed", () -> !ProxyProcess.isListening(process.port(protocol)));
        node.resume();
        clone.waitFor().expectSuccess();
        push.waitFor().expectSuccess();
      }
      proxy.waitFor(Duration.ofSeconds(15)).expectSuccess();
      assertThat(repositories.open("acme/app").id("new")).isEqualTo(git.at("app").id("HEAD"));
    }
  }

  @Test
  void requests_that_exceed_the_drain_timeout_are_aborted() throws IOException {
    config.section("timeouts", "{ drain: 1s }");
    try (var process = newProcess()) {
      RunningCommand proxy = process.start();
      try (RunningCommand clone =
          startAndAwaitRequest(
              git(process),
              RecordedRequest::isUploadPackPost,
              "clone",
              process.httpUrl("acme/app"),
              "app")) {
        long before = System.nanoTime();
        proxy.signal("TERM");
        proxy.waitFor(Duration.ofSeconds(4)).expectSuccess();
        assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofSeconds(1).toNanos());
        clone.waitFor().expectFailure();
        node.resume();
      }
    }
  }

  @Test
  void a_second_signal_stops_the_process_at_once() throws IOException {
    try (var process = newProcess()) {
      RunningCommand proxy = process.start();
      try (RunningCommand clone =
          startAndAwaitRequest(
              git(process),
              RecordedRequest::isUploadPackPost,
              "clone",
              process.httpUrl("acme/app"),
              "app")) {
        proxy.signal("TERM");
        Await.until(
            "the first signal has closed the listener",
            () -> !ProxyProcess.isListening(process.port("http")));
        proxy.signal("INT");
        proxy.waitFor(STOP_LIMIT).expectExit(130);
        clone.waitFor().expectFailure();
        node.resume();
      }
    }
  }

  /// Returns a proxy with prepared host keys: to generate them takes longer than most tests here.
  private ProxyProcess newProcess() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    return new ProxyProcess(config);
  }

  /// Starts git and waits until the node has the first request that fulfils the condition. The node
  /// responds to that request only after [PlainNode#resume()].
  private RunningCommand startAndAwaitRequest(
      GitRunner git, Predicate<RecordedRequest> condition, String... arguments) {
    node.fail(1, condition, new Fault.Delay());
    RunningCommand running = git.protocol(0).command(arguments).start();
    Await.until("the node has the request", () -> !node.requests(condition).isEmpty());
    return running;
  }

  private GitRunner git(ProxyProcess process) {
    return GitRunner.in(folder.resolve("client"))
        .ssh(
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), process.port("ssh"), folder.resolve("known_hosts")));
  }

  private static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }
}
