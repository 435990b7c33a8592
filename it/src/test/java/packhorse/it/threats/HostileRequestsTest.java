package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.junit.CaseBudget;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;

/// Hostile requests over HTTP/1.1: threats H1 to H5, H9, H10 and P1 to P16 of `docs/threats.md`.
/// Whatever the client sends, the node receives only unambiguous requests.
@Tag("counted")
@Tag("generated")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class HostileRequestsTest {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  private static final String[] FINAL_RESPONSES = {
    "(decision ", "no response could be produced", "X-Node: clean"
  };

  private MonitoredProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) {
    proxy = new MonitoredProxy(folder);
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @EnumSource
  void the_node_receives_only_clean_requests(HostileRequests row) {
    for (SeededRandom random : SeededRandom.forTest(HostileRequestsTest.class))
      sendGenerated(row, random);
    proxy.assertStillServes();
    assertThat(proxy.node().scriptFailures()).isEmpty();
  }

  private void sendGenerated(HostileRequests row, SeededRandom random) {
    CaseBudget budget = TestProfile.generatedCases();
    for (int i = 0; budget.allows(i); i++) {
      String hostile = row.generate(random);
      String input = random + ": " + hostile;
      String responses = proxy.send(hostile);
      long responseCount = STATUS.matcher(responses).results().count();
      assertThat(responses).as(input).doesNotContain("secret/app", "\u001b");
      if (row.isMisframed())
        assertThat(responseCount).as("%s: %s", input, responses).isLessThanOrEqualTo(1);
      if (row.isMisframed()) assertThat(responses).as(input).doesNotContain("X-Node: clean");
      // The last response on the connection is a refusal, or that of the node.
      if (responseCount > 0)
        assertThat(lastResponse(responses)).as(input).containsAnyOf(FINAL_RESPONSES);
      proxy.assertNewRequestsAreClean(input);
    }
  }

  private static String lastResponse(String responses) {
    return responses.substring(responses.lastIndexOf("HTTP/1.1 "));
  }
}
