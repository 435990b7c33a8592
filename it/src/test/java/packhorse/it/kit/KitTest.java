package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Leaks.class)
final class KitTest {
  @TempDir Path folder;

  @Test
  void git_is_killed_with_its_children_when_its_time_is_over() {
    var git = GitRunner.in(folder).limit(Duration.ofMillis(300)).set("alias.wait", "!sleep 100");
    assertThatThrownBy(() -> git.git("wait"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("still running");
  }

  @Test
  void git_sees_neither_the_home_folder_nor_the_variables_of_the_tests() {
    var ran = GitRunner.in(folder).set("alias.env", "!env").git("env");
    assertThat(ran.output())
        .contains("HOME=" + folder.resolve("home"))
        .doesNotContain("JAVA_HOME", "SSH_AUTH_SOCK");
  }

  @Test
  void a_recording_node_hears_exact_bytes_and_answers_as_told() {
    byte[] answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (var node = RecordingNode.start(RecordingNode.Script.always(answer));
        var client = RawClient.connect(node.port())) {
      client.send("GET /a HTTP/1.1\r\nhOsT:  x\r\n\r\n");
      client.send("POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
      assertThat(client.answer().orElseThrow().text()).isEqualTo("ok");
      assertThat(client.answer().orElseThrow().status()).isEqualTo(200);
      client.halfClose();
      assertThat(client.restText()).isEmpty();
      assertThat(node.text())
          .startsWith("GET /a HTTP/1.1\r\nhOsT:  x\r\n\r\nPOST")
          .endsWith("abc\r\n0\r\n\r\n");
      assertThat(node.mistakes()).isEmpty();
    }
  }

  @Test
  void a_recording_node_ends_connections_that_are_open_when_it_is_closed() {
    var node = RecordingNode.start(line -> line.drain());
    try (node;
        var client = RawClient.connect(node.port())) {
      client.send("GET");
      Await.until("the bytes arrive", () -> node.text().equals("GET"));
      stop(node);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void a_raw_client_speaks_tls() {
    var repositories = new Repositories(folder.resolve("r"), folder.resolve("n"));
    repositories.sample("acme/app");
    SelfSigned own = SelfSigned.loopback();
    try (var node = PlainNode.start(NodeOptions.of(repositories.root()).tls(own));
        var client = RawClient.connectTls(node.tlsPort(), own)) {
      client.send(
          "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.answer().orElseThrow().text()).contains("refs/heads/main");
    }
  }

  @Test
  void git_goes_over_plink() {
    var repositories = new Repositories(folder.resolve("r"), folder.resolve("n"));
    repositories.sample("acme/app");
    SshKey key = SshKey.ed25519(folder, "al");
    try (var node = SshNode.start(repositories.root())) {
      var git = Plink.with(key, node.port(), node.fingerprint()).equip(GitRunner.in(folder));
      assertThat(git.git("ls-remote", node.url("acme/app")).output()).contains("refs/heads/main");
    }
  }

  @Test
  void leaks_are_found() throws Exception {
    var before = Leaks.things();
    var stop = new CountDownLatch(1);
    Thread leaked = Thread.ofVirtual().name("leaked-virtual").start(() -> hold(stop));
    Thread platform = Thread.ofPlatform().name("leaked-platform").start(() -> hold(stop));
    Path file = Scratch.file(".leak");
    try (var process = Command.of(folder, "sleep", "100").start()) {
      Await.until("it runs", process::alive);
      assertThat(String.join("\n", Leaks.since(before, true)))
          .contains(
              "virtual thread leaked-virtual",
              "thread leaked-platform",
              "process " + process.pid(),
              "file " + file);
    } finally {
      stop.countDown();
      leaked.join();
      platform.join();
      Scratch.delete(file);
    }
  }

  private static void stop(RecordingNode node) {
    node.close();
  }

  private static void hold(CountDownLatch stop) {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
