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
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.CaseBudget;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;

/// Bodies that git never sends: threats G1 to G4 of `docs/threats.md`. The node receives only valid
/// pkt-lines with their length, and the next request on the connection is read from its first byte.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class HostileBodiesTest {
  private MonitoredProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) {
    proxy = new MonitoredProxy(folder);
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @EnumSource
  void the_node_receives_only_valid_bodies_and_the_next_request_is_served(HostileBodies row) {
    for (SeededRandom random : SeededRandom.forTest(HostileBodiesTest.class))
      sendGenerated(row, random);
    proxy.assertStillServes();
    assertThat(proxy.node().scriptFailures()).isEmpty();
  }

  private void sendGenerated(HostileBodies row, SeededRandom random) {
    CaseBudget budget = TestProfile.generatedCases();
    for (int i = 0; budget.allows(i); i++) {
      String hostile = row.generate(random);
      String input = random + ": " + hostile.substring(0, Math.min(2_000, hostile.length()));
      String responses = proxy.sendComplete(hostile);
      assertThat(responses).as(input).startsWith("HTTP/1.1 ");
      // The body has a length: whatever it contains, the request after it is served.
      assertThat(responses.substring(responses.lastIndexOf("HTTP/1.1 ")))
          .as(input)
          .contains(MonitoredProxy.TIP);
      proxy.assertNewRequestsAreClean(input);
    }
  }

  @Test
  void an_endless_list_of_wants_is_refused() {
    int port = proxy.runningProxy().port("http");
    String wants = MonitoredProxy.pkt("want " + MonitoredProxy.TIP + "\n").repeat(2_000);
    String chunk = Integer.toHexString(wants.length()) + "\r\n" + wants + "\r\n";
    String head =
        MonitoredProxy.postRequest("", "Transfer-Encoding: chunked")
            .replace("PORT", String.valueOf(port));
    try (var client = RawClient.connect(port)) {
      client.send(head);
      boolean accepted = true;
      for (int i = 0; i < 400 && accepted; i++) {
        accepted = client.trySend(chunk.getBytes(StandardCharsets.ISO_8859_1));
      }
      if (accepted) client.trySend("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      client.tryHalfClose();
      assertThat(client.readAllText()).contains("is larger than", "(decision ");
    }
    proxy.assertNewRequestsAreClean("an endless list of wants");
    proxy.assertStillServes();
  }
}
