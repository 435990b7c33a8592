package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

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
import packhorse.it.kit.Await;
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Served;
import packhorse.it.kit.SharedHostKeys;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Started;

/// How `packhorse serve` ends when it is told to, as a process.
@Tag("alone")
@ExtendWith(Leaks.class)
final class StoppingTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private final Path folder;
  private final Repositories repositories;
  private final PlainNode node;
  private final SshKey key;
  private final ProxyText text;

  StoppingTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    key = SshKey.ed25519(folder, "key");
    text = ProxyText.in(folder).node("one", node.url()).user("alice", key);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void a_signal_during_the_start_ends_it_as_any_other(String signal) {
    try (var served = new Served(text)) {
      Started proxy = served.begin(served.command());
      // the first thing that a start makes
      Await.until("the start", () -> Files.exists(folder.resolve("state")) || !proxy.alive());
      proxy.signal(signal);
      proxy.finish().expectSuccess();
      assertThat(served.control()).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void idle_it_ends_at_once_though_clients_are_connected(String signal) throws IOException {
    try (var served = served()) {
      Started proxy = served.start();
      try (Socket http = connected(served.port("http"));
          Socket ssh = connected(served.port("ssh"))) {
        http.getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(http.getInputStream().read()).isEqualTo('H');
        assertThat(ssh.getInputStream().read()).isEqualTo('S');
        proxy.signal(signal);
        proxy.finish(AT_ONCE).expectSuccess();
      }
      assertThat(served.control()).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "ssh"})
  void a_running_clone_and_a_running_push_finish(String front) throws IOException {
    try (var served = served()) {
      Started proxy = served.start();
      String url = front.equals("ssh") ? served.ssh("acme/app") : served.http("acme/app");
      GitRunner git = git(served);
      git.git("clone", "-q", url, "app").expectSuccess();
      git.at("app").commit("new", "text");
      node.forget();
      try (Started clone = begun(git, SeenRequest::fetchPost, "clone", "-q", url, "again");
          Started push =
              begun(
                  git.at("app"), SeenRequest::pushPost, "push", "-q", url, "HEAD:refs/heads/new")) {
        proxy.signal("TERM");
        Await.until("it takes nothing new", () -> !Served.listens(served.port(front)));
        node.resume();
        clone.finish().expectSuccess();
        push.finish().expectSuccess();
      }
      proxy.finish(Duration.ofSeconds(5)).expectSuccess();
      assertThat(repositories.open("acme/app").id("new")).isEqualTo(git.at("app").id("HEAD"));
    }
  }

  @Test
  void what_does_not_finish_in_time_is_cut_off() throws IOException {
    text.section("timeouts", "{ drain: 1s }");
    try (var served = served()) {
      Started proxy = served.start();
      try (Started clone =
          begun(git(served), SeenRequest::fetchPost, "clone", served.http("acme/app"), "app")) {
        long before = System.nanoTime();
        proxy.signal("TERM");
        proxy.finish(Duration.ofSeconds(4)).expectSuccess();
        assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofSeconds(1).toNanos());
        clone.finish().expectFailure();
        node.resume();
      }
    }
  }

  @Test
  void a_second_signal_ends_at_once() throws IOException {
    try (var served = served()) {
      Started proxy = served.start();
      try (Started clone =
          begun(git(served), SeenRequest::fetchPost, "clone", served.http("acme/app"), "app")) {
        proxy.signal("TERM");
        Await.until("the first is heard", () -> !Served.listens(served.port("http")));
        proxy.signal("INT");
        proxy.finish(AT_ONCE).expectExit(130);
        clone.finish().expectFailure();
        node.resume();
      }
    }
  }

  /// A proxy that need not make its host keys, which takes longer than most tests here.
  private Served served() throws IOException {
    SharedHostKeys.copyTo(folder.resolve("host-keys"));
    return new Served(text);
  }

  /// Starts git; when this returns the node has the request, and keeps it until it is resumed.
  private Started begun(GitRunner git, Predicate<SeenRequest> which, String... arguments) {
    node.fail(1, which, new Fault.Waits());
    Started started = git.protocol(0).command(arguments).start();
    Await.until("the node is asked", () -> !node.requests(which).isEmpty());
    return started;
  }

  private GitRunner git(Served served) {
    return GitRunner.in(folder.resolve("client"))
        .ssh(SshWay.trusting(key.privateKey(), served.port("ssh"), folder.resolve("known_hosts")));
  }

  private static Socket connected(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }
}
