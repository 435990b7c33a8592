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
import packhorse.it.kit.Cases;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Sizes;

/// Threats H1-H5, H9, H10 and P1-P16 over HTTP/1.1: whatever comes, the node hears nothing that is
/// not beyond doubt.
@Tag("counted")
@Tag("generated")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class HostileRequestsTest {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  private static final String[] ENDS = {"(decision ", "no answer could be given", "X-Node: clean"};

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
  @EnumSource
  void nothing_forbidden_arrives_and_what_follows_is_clean(HostileRequests row) {
    for (Dice dice : Dice.of(HostileRequestsTest.class)) generated(row, dice);
    watched.stillServes();
    assertThat(watched.node().mistakes()).isEmpty();
  }

  private void generated(HostileRequests row, Dice dice) {
    Cases cases = Sizes.generated();
    for (int i = 0; cases.more(i); i++) {
      String hostile = row.next(dice);
      String input = dice + ": " + hostile;
      String said = watched.ask(hostile);
      long answers = STATUS.matcher(said).results().count();
      assertThat(said).as(input).doesNotContain("secret/app", "\u001b");
      if (row.misframed()) assertThat(answers).as("%s: %s", input, said).isLessThanOrEqualTo(1);
      if (row.misframed()) assertThat(said).as(input).doesNotContain("X-Node: clean");
      // the connection ended in a refusal, or the last answer on it is the node's
      if (answers > 0) assertThat(last(said)).as(input).containsAnyOf(ENDS);
      watched.nothingForbiddenArrived(input);
    }
  }

  private static String last(String said) {
    return said.substring(said.lastIndexOf("HTTP/1.1 "));
  }
}
