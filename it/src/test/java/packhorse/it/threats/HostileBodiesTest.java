package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.Cases;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Sizes;

/// Threats G1-G4: bodies that no git writes. What reaches the node is whole pkt-lines with their
/// length, and the next request on the connection is read from its own start.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class HostileBodiesTest {
  private Watched watched;

  @BeforeAll
  void start(@TempDir Path folder) {
    watched = new Watched(folder);
  }

  @AfterAll
  void stop() {
    watched.close();
  }

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @EnumSource
  void nothing_malformed_arrives_and_what_follows_is_clean(HostileBodies row) {
    for (Dice dice : Dice.of(HostileBodiesTest.class)) generated(row, dice);
    watched.stillServes();
    assertThat(watched.node().mistakes()).isEmpty();
  }

  private void generated(HostileBodies row, Dice dice) {
    Cases cases = Sizes.generated();
    for (int i = 0; cases.more(i); i++) {
      String hostile = row.next(dice);
      String input = dice + ": " + hostile.substring(0, Math.min(2_000, hostile.length()));
      String said = watched.ask(hostile);
      assertThat(said).as(input).startsWith("HTTP/1.1 ");
      // a body is framed: whatever stood in it, the request behind it is answered
      assertThat(said.substring(said.lastIndexOf("HTTP/1.1 "))).as(input).contains(Watched.TIP);
      watched.nothingForbiddenArrived(input);
    }
  }

  @Test
  void wants_without_end_are_cut_off() {
    int port = watched.proxy().port("http");
    String wants = Watched.pkt("want " + Watched.TIP + "\n").repeat(2_000);
    String chunk = Integer.toHexString(wants.length()) + "\r\n" + wants + "\r\n";
    String head =
        Watched.post("", "Transfer-Encoding: chunked").replace("PORT", String.valueOf(port));
    try (var client = RawClient.connect(port)) {
      client.send(head);
      boolean taken = true;
      for (int i = 0; i < 400 && taken; i++) {
        taken = client.trySend(chunk.getBytes(StandardCharsets.ISO_8859_1));
      }
      if (taken) client.trySend("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      client.tryHalfClose();
      assertThat(client.restText()).contains("is larger than", "(decision ");
    }
    watched.nothingForbiddenArrived("wants without end");
    watched.stillServes();
  }
}
