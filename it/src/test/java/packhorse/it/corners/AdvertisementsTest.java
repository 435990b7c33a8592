package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// When a ref advertisement is complete: corner 18 of `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class AdvertisementsTest {
  private static final String V2 =
      pkt("version 2\n") + pkt("ls-refs\n") + pkt("fetch\n") + pkt("object-format=sha1\n");
  private static final String ID = "12".repeat(20);

  private final Path folder;
  private final AtomicReference<String> advertisement = new AtomicReference<>("");
  private final RecordingNode node;
  private final SshKey key;
  private final RunningProxy proxy;

  AdvertisementsTest(@TempDir Path folder) {
    this.folder = folder;
    node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
    key = SshKey.ed25519(folder, "alice");
    // With probes, which the node answers, invalid responses alone do not mark it down.
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder)
                .node("odd", node.url())
                .pool("probe: { interval: 1s }")
                .user("alice", key));
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  private void respond(RawMessage request, ServerConnection connection) throws IOException {
    boolean advertises = request.startLine().startsWith("GET");
    String body = advertises ? advertisement.get() : pkt(ID + " refs/heads/main\n") + "0000";
    String type = "application/x-git-upload-pack-" + (advertises ? "advertisement" : "result");
    connection.respond(
        "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n",
        body.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_service_line_is_optional(boolean present) {
    String serviceLine = present ? pkt("# service=git-upload-pack\n") + "0000" : "";
    advertisement.set(serviceLine + V2 + "0000");
    for (String url : new String[] {proxy.sshUrl("acme/app"), proxy.httpUrl("acme/app")}) {
      assertThat(git().run("ls-remote", url).output()).isEqualTo(ID + "\trefs/heads/main");
    }
  }

  @Test
  void an_empty_repository_is_recognized_by_its_capabilities_line() {
    String capabilities = "0".repeat(40) + " capabilities^{}\0ofs-delta object-format=sha1\n";
    advertisement.set(pkt("# service=git-upload-pack\n") + "0000" + pkt(capabilities) + "0000");
    for (String url : new String[] {proxy.sshUrl("acme/app"), proxy.httpUrl("acme/app")}) {
      assertThat(git().protocol(0).run("ls-remote", url).output()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "001e# service=git-upload-pack\n0000", "CUT"})
  void an_incomplete_advertisement_is_a_failure_of_the_node(String text) {
    String truncated = pkt("# service=git-upload-pack\n") + "0000" + V2;
    advertisement.set(text.equals("CUT") ? truncated : text);
    CommandResult result = git().run("ls-remote", proxy.sshUrl("acme/app")).expectFailure();
    assertThat(result.stderr()).contains("the node odd").contains("(decision ");
    git().run("ls-remote", proxy.httpUrl("acme/app")).expectFailure();
  }

  private GitRunner git() {
    Path knownHosts = folder.resolve("known_hosts");
    return GitRunner.in(folder.resolve("client"))
        .protocol(2)
        .ssh(OpenSshClient.acceptNewHostKey(key.privateKey(), proxy.port("ssh"), knownHosts));
  }
}
