package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.node.NodeRequest;
import packhorse.record.Outcome;
import packhorse.request.Refusal;

/// Keep-alives to an SSH client while the node that it waits for is silent.
final class KeepAlivesTest {
  private static final String NAK = "0008NAK\n";
  private static final String KEEP_ALIVE = "0005\2";

  @TempDir Path folder;

  @Test
  void a_v0_clone_receives_one_nak_then_keep_alives_then_the_pack() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 3);
      proxy.link.waitNotifications = 3;
      Command.Result result = fetchTip(proxy, "");
      String output = result.expectSuccess().out();
      assertThat(output).contains("0000" + NAK + KEEP_ALIVE + KEEP_ALIVE + KEEP_ALIVE);
      assertThat(output.indexOf(NAK)).isEqualTo(output.lastIndexOf(NAK));
      assertThat(output).contains("\1PACK").endsWith("0000");
    }
  }

  @Test
  void a_shallow_v0_clone_receives_no_keep_alives() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 3);
      proxy.link.waitNotifications = 3;
      String output = fetchTip(proxy, pkt("deepen 1\n")).expectSuccess().out();
      assertThat(output).doesNotContain(KEEP_ALIVE).contains("\1PACK");
    }
  }

  @ParameterizedTest
  @CsvSource({"0,true", "1,true", "2,true", "2,false"})
  void git_accepts_keep_alives_before_packs_and_before_a_refusal(int version, boolean knowsV2)
      throws IOException {
    SshTestProxy.Options options = SshTestProxy.Options.defaults();
    try (var proxy = new SshTestProxy(folder, knowsV2 ? options : options.withV0Nodes())) {
      Path work = proxy.repository("app", 5);
      String url = proxy.url("app");
      Command bob = proxy.git("bob", version).with("GIT_TRACE_PACKET", "1");
      proxy.link.waitNotifications = 2;
      Command.Result clone = bob.run("git", "clone", "-q", url, "clone").expectSuccess();
      assertThat(clone.err()).contains("sideband< \\2");
      proxy.link.waitNotifications = 0;
      proxy.commit(work, "more", "more");
      proxy.git("alice", version).in(work).run("git", "push", "-q", url, "main").expectSuccess();
      proxy.link.waitNotifications = 2;
      Command inClone = bob.in(folder.resolve("clone"));
      inClone.run("git", "fetch", "-q").expectSuccess();
      inClone.run("git", "fsck", "--strict").expectSuccess();
      proxy.link.failingRequests = KeepAlivesTest::isFetch;
      Command.Result refused = bob.run("git", "clone", "-q", url, "other");
      assertThat(refused.status()).isNotZero();
      assertThat(refused.err()).contains("remote: the node ", "(decision ");
      Outcome last = proxy.awaitLastOutcome("refused");
      assertThat(last.result()).isEqualTo("refused");
      assertThat(last.refusal().map(Refusal::kind)).contains(Refusal.Kind.NODE_FAILED);
    }
  }

  private static boolean isFetch(NodeRequest request) {
    return request.method().equals("POST")
        && request.body() instanceof NodeRequest.BufferedBody(var bytes)
        && bytes.text().contains("want ");
  }

  /// Fetches the tip with one request that is sent as a whole.
  private static Command.Result fetchTip(SshTestProxy proxy, String deepen) throws IOException {
    String refs = proxy.exec("bob", "git-upload-pack 'app'").out();
    String request =
        pkt("want " + refs.substring(4, 44) + " side-band-64k ofs-delta no-progress\n")
            + deepen
            + "0000"
            + pkt("done\n");
    byte[] input = request.getBytes(StandardCharsets.US_ASCII);
    return proxy.exec(input, "bob", List.of(), "git-upload-pack 'app'");
  }

  private static String pkt(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }
}
