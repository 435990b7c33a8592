package packhorse.it.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;
import packhorse.memory.MemoryPlan;

/// A proxy whose memory for requests is used up: the next request is refused in words over every
/// protocol, no node hears of it, and everything is returned when the others end.
@ExtendWith(LeakDetector.class)
final class MemoryLimitsTest {
  private static final String WORDS = "the proxy has no memory for this request just now";
  private static final String PUSH =
      String.join(
          "\r\n",
          "POST /acme/app.git/git-receive-pack HTTP/1.1",
          "Host: 127.0.0.1",
          "Content-Type: application/x-git-receive-pack-request",
          "Transfer-Encoding: chunked",
          "",
          "4",
          "0060",
          "");

  /// Two MiB for all requests: 32 of them, and of these eight of one address that is not verified.
  private static final MemoryPlan PLAN = new MemoryPlan(50L << 20, 64L << 20);

  private static final int UNVERIFIED = 8;
  private static final int ALL = 32;
  private static final int CHANNELS = 8;

  @TempDir Path folder = Path.of("");
  private final List<RawClient> pushes = new ArrayList<>();
  private SshKey key;
  private PlainNode node;
  private RunningProxy proxy;

  @BeforeEach
  void start() {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    key = SshKey.ed25519(folder, "alice");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    ProxyConfig config = ProxyConfig.in(folder).node("one", node.url()).user("alice", key);
    proxy = RunningProxy.start(config, PLAN);
  }

  @AfterEach
  void stop() {
    pushes.forEach(RawClient::close);
    proxy.close();
    node.close();
  }

  @Test
  void over_http_a_request_without_memory_is_refused_with_503() {
    for (int i = 0; i < UNVERIFIED; i++)
      pushes.add(RawClient.connect(proxy.port("http")).send(PUSH));
    Await.until("all pushes are held", () -> held() == UNVERIFIED * 64 * 1024);
    try (RawClient next = RawClient.connect(proxy.port("http"))) {
      next.send(
          String.join(
              "\r\n",
              "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1",
              "Host: 127.0.0.1",
              "",
              ""));
      String response = next.readUntil("\r\n\r\n");
      assertThat(response).startsWith("HTTP/1.1 503 ").contains("Retry-After: ");
    }
    var http2 =
        git()
            .config("http.version", "HTTP/2")
            .config("http.sslCAInfo", folder.resolve("proxy.pem").toString())
            .config("http.extraHeader", "Host: 127.0.0.1");
    for (String url : List.of(proxy.httpUrl("acme/app"), httpsUrl())) {
      assertThat(http2.run("ls-remote", url).expectFailure().stderr()).contains("remote: " + WORDS);
    }
    assertThat(node.requests()).isEmpty();
    pushes.forEach(RawClient::close);
    Await.until("everything is returned", () -> held() == 0);
    for (String url : List.of(proxy.httpUrl("acme/app"), httpsUrl())) {
      http2.run("ls-remote", url).expectSuccess();
    }
    assertThat(metrics()).contains("packhorse_memory_requests_refused 3.0");
  }

  @Test
  void over_ssh_a_request_without_memory_is_refused_in_words() throws IOException {
    try (SshClient client = SshAttack.newClient()) {
      for (int opened = 0; opened < ALL; opened += CHANNELS) openPushes(client);
      Await.until("all pushes are held", () -> held() == ALL * 64 * 1024);
      Await.until("the node has sent all lists", () -> node.requests().size() == ALL);
      node.clearRequests();
      assertThat(ssh().run("ls-remote", proxy.sshUrl("acme/app")).expectFailure().stderr())
          .contains(WORDS);
      assertThat(node.requests()).isEmpty();
    }
    Await.until("everything is returned", () -> held() == 0);
    ssh().run("ls-remote", proxy.sshUrl("acme/app")).expectSuccess();
  }

  private void openPushes(SshClient client) throws IOException {
    Duration timeout = Duration.ofSeconds(20);
    ClientSession session =
        client.connect("git", "127.0.0.1", proxy.port("ssh")).verify(timeout).getSession();
    new FileKeyPairProvider(key.privateKey())
        .loadKeys(session)
        .forEach(session::addPublicKeyIdentity);
    session.auth().verify(timeout);
    for (int i = 0; i < CHANNELS; i++) {
      ChannelExec push = session.createExecChannel("git-receive-pack '/acme/app.git'");
      push.setOut(OutputStream.nullOutputStream());
      push.open().verify(timeout);
    }
  }

  private String httpsUrl() {
    return "https://127.0.0.1:" + proxy.port("https") + "/acme/app.git";
  }

  private GitRunner git() {
    return GitRunner.in(folder.resolve("git"));
  }

  private GitRunner ssh() {
    return git()
        .ssh(
            OpenSshClient.acceptNewHostKey(
                key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts")));
  }

  private long held() {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("packhorse_memory_requests "))
        .mapToLong(line -> (long) Double.parseDouble(line.split(" ", 2)[1]))
        .findFirst()
        .orElse(-1);
  }

  private String metrics() {
    String url = "http://127.0.0.1:" + proxy.port("status") + "/metrics";
    return Command.of(folder, "curl", "-s", url).run().output();
  }
}
