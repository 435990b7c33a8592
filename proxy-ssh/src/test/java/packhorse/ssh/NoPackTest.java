package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.node.NodeRequest;
import packhorse.record.Outcome;

/// Fetches in protocol v0 whose node sends no pack where one is due. The client is told so in the
/// form that it reads at that moment.
final class NoPackTest {
  private static final String MESSAGE = " sent no pack (decision ";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "0008NAK\n"})
  void git_shows_a_message_in_place_of_the_pack(String body) throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      String url = proxy.url("app");
      Command git = proxy.git("bob", 0);
      git.run("git", "clone", "-q", url, "fetched").expectSuccess();
      proxy.commit(work, "more", "more");
      proxy.git("alice", 0).in(work).run("git", "push", "-q", url, "main").expectSuccess();
      proxy.link.bodies = request -> Optional.of(body).filter(any -> asksForPack(request));
      Command inClone = git.in(folder.resolve("fetched"));
      for (Command.Result result :
          List.of(git.run("git", "clone", url, "cloned"), inClone.run("git", "fetch"))) {
        assertThat(result.status()).isNotZero();
        assertThat(result.err())
            .contains("remote error: the node ", MESSAGE)
            .doesNotContain("bad band");
      }
      Outcome outcome = proxy.awaitLastOutcome("truncated");
      assertThat(outcome.refusal()).isPresent();
      assertThat(outcome.answer().orElseThrow().node().name()).isIn("one", "two");
    }
  }

  @Test
  void after_keep_alives_the_message_is_on_the_side_band() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 3);
      proxy.link.waitNotifications = 1;
      proxy.link.bodies = request -> Optional.of("").filter(any -> asksForPack(request));
      Command.Result result = proxy.git("bob", 0).run("git", "clone", proxy.url("app"), "cloned");
      assertThat(result.err()).contains("remote: the node ", MESSAGE).doesNotContain("bad band");
    }
  }

  @Test
  void a_client_without_multi_ack_reads_messages_where_it_expects_the_pack() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 3);
      Command git = proxy.git("alice", 0).in(work);
      String tip = git.run("git", "rev-parse", "main").out().strip();
      String base = git.run("git", "rev-parse", "main~1").out().strip();
      String haves = "0000" + pkt("have " + base) + "0000" + pkt("done");
      String framed = pkt("want " + tip + " side-band-64k") + haves;
      String bare = pkt("want " + tip) + haves;
      String acknowledged = pkt("ACK " + base);
      proxy.link.bodies = request -> Optional.of("").filter(any -> asksForPack(request));
      assertThat(exec(proxy, framed).out()).matches(ending(acknowledged, "\3", MESSAGE));
      Command.Result result = exec(proxy, bare);
      assertThat(result.out()).endsWith(acknowledged);
      assertThat(result.err()).contains(MESSAGE);
      String error = "upload-pack: not our ref";
      proxy.link.bodies =
          request -> Optional.of(pkt("ERR " + error)).filter(any -> asksForPack(request));
      assertThat(exec(proxy, framed).out()).endsWith(acknowledged + "001d\3" + error);
      proxy.link.bodies = request -> Optional.empty();
      proxy.link.failingRequests = NoPackTest::asksForPack;
      assertThat(exec(proxy, framed).out()).matches(ending(acknowledged, "\3the node ", ""));
    }
  }

  private static String ending(String acknowledged, String first, String second) {
    return "(?s).*" + acknowledged + "[0-9a-f]{4}" + first + "[^\n]*" + quoted(second) + "[^\n]*";
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "" : "\\Q" + text + "\\E";
  }

  private static boolean asksForPack(NodeRequest request) {
    return request.method().equals("POST")
        && request.body() instanceof NodeRequest.BufferedBody(var bytes)
        && bytes.text().endsWith("0009done\n");
  }

  private static Command.Result exec(SshTestProxy proxy, String input) throws IOException {
    byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
    return proxy.exec(bytes, "alice", List.of(), "git-upload-pack 'app'");
  }

  private static String pkt(String line) {
    return String.format("%04x%s\n", line.length() + 5, line);
  }
}
