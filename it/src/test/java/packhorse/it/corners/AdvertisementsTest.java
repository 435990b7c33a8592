package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.RecordingNode;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;

/// Corner 18: what is a whole advertisement and what is none.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class AdvertisementsTest {
  private static final String V2 =
      pkt("version 2\n") + pkt("ls-refs\n") + pkt("fetch\n") + pkt("object-format=sha1\n");
  private static final String ID = "12".repeat(20);

  private final Path folder;
  private final AtomicReference<String> advertised = new AtomicReference<>("");
  private final RecordingNode node;
  private final SshKey key;
  private final RunningProxy proxy;

  AdvertisementsTest(@TempDir Path folder) {
    this.folder = folder;
    node = RecordingNode.start(RecordingNode.Script.forEach(this::answer));
    key = SshKey.ed25519(folder, "alice");
    proxy = RunningProxy.start(ProxyText.in(folder).node("odd", node.url()).user("alice", key));
  }

  @AfterAll
  void stop() {
    proxy.close();
    node.close();
  }

  private void answer(RawMessage request, packhorse.it.kit.Line line) throws java.io.IOException {
    boolean refs = request.startLine().startsWith("GET");
    String body = refs ? advertised.get() : pkt(ID + " refs/heads/main\n") + "0000";
    String type = "application/x-git-upload-pack-" + (refs ? "advertisement" : "result");
    line.answer(
        "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n",
        body.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_service_line_is_optional(boolean there) {
    String line = there ? pkt("# service=git-upload-pack\n") + "0000" : "";
    advertised.set(line + V2 + "0000");
    for (String url : new String[] {proxy.ssh("acme/app"), proxy.http("acme/app")}) {
      assertThat(git().git("ls-remote", url).output()).isEqualTo(ID + "\trefs/heads/main");
    }
  }

  @Test
  void an_empty_repository_is_one_that_says_so() {
    String capabilities = "0".repeat(40) + " capabilities^{}\0ofs-delta object-format=sha1\n";
    advertised.set(pkt("# service=git-upload-pack\n") + "0000" + pkt(capabilities) + "0000");
    for (String url : new String[] {proxy.ssh("acme/app"), proxy.http("acme/app")}) {
      assertThat(git().protocol(0).git("ls-remote", url).output()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "001e# service=git-upload-pack\n0000", "CUT"})
  void what_is_not_complete_is_the_nodes_failure(String text) {
    String half = pkt("# service=git-upload-pack\n") + "0000" + V2;
    advertised.set(text.equals("CUT") ? half : text);
    Ran ran = git().git("ls-remote", proxy.ssh("acme/app")).expectFailure();
    assertThat(ran.stderr()).contains("the node odd").contains("(decision ");
    git().git("ls-remote", proxy.http("acme/app")).expectFailure();
  }

  private GitRunner git() {
    Path known = folder.resolve("known_hosts");
    return GitRunner.in(folder.resolve("client"))
        .protocol(2)
        .ssh(SshWay.trusting(key.privateKey(), proxy.port("ssh"), known));
  }
}
