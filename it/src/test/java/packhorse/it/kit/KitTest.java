package packhorse.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Plink;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.SshNode;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.TempFiles;
import packhorse.it.kit.ssh.SshKey;

@ExtendWith(LeakDetector.class)
final class KitTest {
  @TempDir Path folder;

  @Test
  void git_and_its_children_are_killed_after_the_timeout() {
    var git =
        GitRunner.in(folder).timeout(Duration.ofMillis(300)).config("alias.wait", "!sleep 100");
    assertThatThrownBy(() -> git.run("wait"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("still running");
  }

  @Test
  void git_gets_its_own_home_folder_and_environment() {
    var result = GitRunner.in(folder).config("alias.env", "!env").run("env");
    assertThat(result.output())
        .contains("HOME=" + folder.resolve("home"))
        .doesNotContain("JAVA_HOME", "SSH_AUTH_SOCK");
  }

  @Test
  void a_recording_node_records_exact_bytes_and_follows_its_script() {
    byte[] response =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    try (var node = RecordingNode.start(RecordingNode.Script.respondingWith(response));
        var client = RawClient.connect(node.port())) {
      client.send("GET /a HTTP/1.1\r\nhOsT:  x\r\n\r\n");
      client.send("POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
      assertThat(client.readResponse().orElseThrow().bodyText()).isEqualTo("ok");
      assertThat(client.readResponse().orElseThrow().status()).isEqualTo(200);
      client.halfClose();
      assertThat(client.readAllText()).isEmpty();
      assertThat(node.receivedText())
          .startsWith("GET /a HTTP/1.1\r\nhOsT:  x\r\n\r\nPOST")
          .endsWith("abc\r\n0\r\n\r\n");
      assertThat(node.scriptFailures()).isEmpty();
    }
  }

  @Test
  void closing_a_recording_node_closes_its_open_connections() {
    var node = RecordingNode.start(connection -> connection.drain());
    try (node;
        var client = RawClient.connect(node.port())) {
      client.send("GET");
      Await.until("the bytes have arrived", () -> node.receivedText().equals("GET"));
      closeNode(node);
      assertThat(client.readAll()).isEmpty();
    }
  }

  @Test
  void a_raw_client_speaks_tls() {
    var repositories = new Repositories(folder.resolve("r"), folder.resolve("n"));
    repositories.sample("acme/app");
    SelfSignedCertificate certificate = SelfSignedCertificate.forLoopback();
    try (var node = PlainNode.start(NodeOptions.of(repositories.root()).withTls(certificate));
        var client = RawClient.connectTls(node.tlsPort(), certificate)) {
      client.send(
          "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse().orElseThrow().bodyText()).contains("refs/heads/main");
    }
  }

  @Test
  void git_connects_through_plink() {
    var repositories = new Repositories(folder.resolve("r"), folder.resolve("n"));
    repositories.sample("acme/app");
    SshKey key = SshKey.ed25519(folder, "al");
    try (var node = SshNode.start(repositories.root())) {
      var git = Plink.with(key, node.port(), node.fingerprint()).configure(GitRunner.in(folder));
      assertThat(git.run("ls-remote", node.url("acme/app")).output()).contains("refs/heads/main");
    }
  }

  @Test
  void leaks_are_detected() throws Exception {
    var earlier = LeakDetector.snapshot();
    var stop = new CountDownLatch(1);
    Thread virtual = Thread.ofVirtual().name("leaked-virtual").start(() -> awaitStop(stop));
    Thread platform = Thread.ofPlatform().name("leaked-platform").start(() -> awaitStop(stop));
    Path file = TempFiles.createFile(".leak");
    try (var process = Command.of(folder, "sleep", "100").start()) {
      Await.until("the process runs", process::isAlive);
      assertThat(String.join("\n", LeakDetector.addedSince(earlier, true)))
          .contains(
              "virtual thread leaked-virtual",
              "thread leaked-platform",
              "process " + process.pid(),
              "file " + file);
    } finally {
      stop.countDown();
      virtual.join();
      platform.join();
      TempFiles.delete(file);
    }
  }

  private static void closeNode(RecordingNode node) {
    node.close();
  }

  private static void awaitStop(CountDownLatch stop) {
    try {
      stop.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
