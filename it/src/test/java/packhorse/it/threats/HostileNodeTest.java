package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.Cases;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Line;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.RecordingNode;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.Sizes;

/// Threats H8 and P10: what a hostile node sends never becomes somebody else's answer, and nobody
/// is sent on by us.
@ExtendWith(Leaks.class)
final class HostileNodeTest {
  private static final String TYPE =
      "Content-Type: application/x-git-upload-pack-advertisement\r\n";
  private static final String BODY =
      "001e# service=git-upload-pack\n0000"
          + Watched.pkt(Watched.TIP + " refs/heads/main\0ofs-delta\n")
          + "0000";
  private static final String RIGHT =
      "HTTP/1.1 200 OK\r\n" + TYPE + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
  private static final String POISON =
      "HTTP/1.1 200 OK\r\n" + TYPE + "Content-Length: 6\r\n\r\npoison";

  private volatile String next = RIGHT;

  @Tag("counted")
  @Tag("generated")
  @Test
  void no_answer_of_a_node_spoils_another(@TempDir Path folder) {
    try (var node = RecordingNode.start(RecordingNode.Script.forEach(this::answer));
        var proxy = RunningProxy.start(text(folder, node))) {
      for (Dice dice : Dice.of(HostileNodeTest.class)) generated(proxy, dice);
    }
  }

  private void generated(RunningProxy proxy, Dice dice) {
    Cases cases = Sizes.generated();
    for (int i = 0; cases.more(i); i++) {
      String hostile = hostile(dice);
      String input = dice + ": " + hostile;
      next = hostile;
      // what is relayed of it is for who asked
      String first = ask(proxy);
      next = RIGHT;
      for (int n = 0; n < 3; n++) {
        assertThat(ask(proxy)).as("%s%n%s", input, first).endsWith(BODY).doesNotContain("poison");
      }
    }
  }

  private static String hostile(Dice dice) {
    String odd = "0123456789 \t\r\n:;,\0xTCL-=";
    String body = BODY;
    return switch (dice.below(6)) {
      case 0 ->
          dice.mutated(RIGHT.substring(0, RIGHT.length() - body.length()), odd, 3) + body + POISON;
      case 1 -> RIGHT + POISON;
      case 2 ->
          "HTTP/1.1 200 OK\r\n"
              + TYPE
              + dice.of(List.of("", "X: x\n"))
              + "Transfer-Encoding: "
              + dice.mutated("chunked", odd, 1)
              + "\r\n\r\n"
              + dice.mutated(Integer.toHexString(body.length()), odd, 1)
              + "\r\n"
              + body
              + "\r\n0\r\n\r\n"
              + POISON;
      case 3 ->
          "HTTP/1."
              + dice.below(3)
              + " "
              + dice.of(List.of("204", "304", "205", "101", "999", "20"))
              + " X\r\nContent-Length: "
              + POISON.length()
              + "\r\n\r\n"
              + POISON;
      case 4 -> "HTTP/1.1 1" + dice.of(List.of("00", "02", "03")) + " X\r\n\r\n" + RIGHT + POISON;
      default ->
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: "
              + dice.mutated("5", odd, 2)
              + "\r\n"
              + TYPE
              + "\r\n"
              + body
              + POISON;
    };
  }

  private void answer(RawMessage request, Line line) throws IOException {
    String answer = next;
    line.send(answer.getBytes(StandardCharsets.ISO_8859_1));
    // what is right as far as it goes stays open; of the rest the end must be told
    boolean right = answer.contains(RIGHT) || answer.startsWith("HTTP/1.1 204");
    if (!right) line.halfClose();
  }

  @Test
  void a_redirect_of_a_node_is_passed_on_and_never_followed(@TempDir Path folder) {
    try (var trap = RecordingNode.start(RecordingNode.Script.always(bytes(RIGHT)));
        var node = RecordingNode.start(RecordingNode.Script.forEach(this::answer));
        var proxy = RunningProxy.start(text(folder, node))) {
      for (int status : List.of(301, 302, 303, 307, 308)) {
        next =
            "HTTP/1.1 "
                + status
                + " X\r\nLocation: "
                + trap.url()
                + Watched.REFS
                + "\r\nContent-Length: 0\r\n\r\n";
        assertThat(ask(proxy)).startsWith("HTTP/1.1 " + status).contains(trap.url());
      }
      assertThat(trap.connections()).isEmpty();
    }
  }

  private static ProxyText text(Path folder, RecordingNode node) {
    return ProxyText.in(folder).node("one", node.url());
  }

  private static String ask(RunningProxy proxy) {
    String request =
        Watched.get(Watched.REFS, "Connection: close").replace("PORT", "" + proxy.port("http"));
    try (var client = RawClient.connect(proxy.port("http"))) {
      return client.send(request).restText();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
