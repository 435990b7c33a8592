package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.Await;
import packhorse.it.kit.Heard;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.Sizes;

/// Threat H7: a client that goes at any byte of a push of 4 KiB. The node never takes what came for
/// a whole push, its connection carries nothing else, and the next push is clean.
@Tag("counted")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class BrokenOffTest {
  private static final String COMMANDS =
      Watched.pkt(
              "0".repeat(40)
                  + " "
                  + "a".repeat(40)
                  + " refs/heads/new\0report-status side-band-64k")
          + "0000";
  private static final String BODY = COMMANDS + "PACK" + "x".repeat(4_096 - COMMANDS.length() - 4);

  private Watched watched;

  @BeforeAll
  void start(@TempDir Path folder) {
    watched = new Watched(folder);
  }

  @AfterAll
  void stop() {
    watched.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"length, end", "length, reset", "chunks, end", "chunks, reset"})
  void a_push_that_breaks_off_is_none(String way) {
    boolean chunked = way.startsWith("chunks");
    String push = push(chunked);
    int head = push.indexOf("\r\n\r\n") + 4;
    // with its last chunk a body is whole, whatever follows (RFC 9112 §8)
    int last = chunked ? push.length() - 2 : push.length();
    for (int cut : cuts(last)) {
      int before = watched.node().connections().size();
      breakOff(push.substring(0, cut), way.endsWith("reset"));
      String when = "cut at " + cut;
      pushes(before).forEach(heard -> assertThat(whole(heard)).as(when).isFalse());
      if (cut > head && cut % 5 == 0) clean(push, "after " + cut);
    }
    clean(push, "at the end");
  }

  // the last ones always: there the end of the body is made out
  private static int[] cuts(int last) {
    int step = Sizes.pick(14, 1);
    return IntStream.range(0, last).filter(cut -> cut % step == 0 || last - cut <= 6).toArray();
  }

  private String push(boolean chunked) {
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + BODY.length();
    String body = chunked ? "1000\r\n" + BODY + "\r\n0\r\n\r\n" : BODY;
    return Watched.head(
                "POST /acme/app.git/git-receive-pack HTTP/1.1",
                framing,
                "Content-Type: application/x-git-receive-pack-request")
            .replace("PORT", String.valueOf(watched.proxy().port("http")))
        + body;
  }

  private void breakOff(String begun, boolean reset) {
    RunningProxy proxy = watched.proxy();
    try (var client = RawClient.connect(proxy.port("http"))) {
      client.send(begun);
      if (reset) {
        client.reset();
      } else {
        client.halfClose();
        client.restText();
      }
    }
  }

  private void clean(String push, String when) {
    int before = watched.node().connections().size();
    try (var client = RawClient.connect(watched.proxy().port("http"))) {
      assertThat(client.send(push).answer().orElseThrow().text()).as(when).contains("unpack ok");
    }
    List<Heard> heard = pushes(before).stream().filter(BrokenOffTest::whole).toList();
    assertThat(heard).as(when).hasSize(1);
  }

  // each push has a connection of its own
  private List<Heard> pushes(int from) {
    List<Heard> all = watched.node().connections();
    List<Heard> since = all.subList(from, all.size());
    List<Heard> pushes =
        since.stream().filter(heard -> heard.text().contains("git-receive-pack HTTP")).toList();
    Await.until(
        "pushes end", () -> pushes.stream().allMatch(heard -> heard.closed() || whole(heard)));
    return pushes;
  }

  private static boolean whole(Heard heard) {
    String text = new String(heard.bytes(), StandardCharsets.ISO_8859_1);
    String body = text.substring(Math.max(0, text.indexOf("\r\n\r\n")));
    return text.contains("chunked")
        ? body.contains("\r\n0\r\n")
        : body.length() >= BODY.length() + 4;
  }
}
