package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Interruption;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.wire.ProtocolVersion;

/// The health of a node whose responses start correctly and are then truncated.
final class TruncatedResponsesTest {
  private static final String FETCH =
      pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ID_1 + "\n") + pkt("done\n") + "0000";

  private static final String V0_FETCH =
      pkt("want " + Pushes.ID_1 + " side-band-64k\n") + "0000" + pkt("done\n");

  private static final String PACK = pkt("\1PACK...") + "0000";
  private static final String V2_RESPONSE = pkt("packfile\n") + PACK;

  private final ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());

  @Test
  void a_node_that_truncates_its_responses_goes_down_when_a_probe_fails_too() throws Exception {
    scene.failProbe("a");
    scene
        .link
        .script("a", truncatesAfter("000dpackfile\n"))
        .script("b", responds(200, V2_RESPONSE));
    int truncated = 0;
    for (int i = 0; i < 20; i++) truncated += isTruncated() ? 1 : 0;
    assertThat(truncated).isEqualTo(3);
    assertThat(scene.isDown("a")).isTrue();
    assertThat(scene.isDown("b")).isFalse();
  }

  @Test
  void a_complete_response_resets_the_count_of_truncated_ones() throws Exception {
    scene
        .link
        .script(
            "a",
            truncatesAfter("000dpackfile\n"),
            truncatesAfter("000dpackfile\n"),
            responds(200, V2_RESPONSE),
            truncatesAfter("000dpackfile\n"),
            truncatesAfter("000dpackfile\n"),
            responds(200, V2_RESPONSE))
        .script("b", responds(200, V2_RESPONSE));
    for (int i = 0; i < 12; i++) isTruncated();
    assertThat(scene.link.requestedNodes()).filteredOn("a"::equals).hasSize(6);
    assertThat(scene.isDown("a")).isFalse();
  }

  // The length is right and the framing ends cleanly; only git's protocol says that more is due.
  @ParameterizedTest
  @CsvSource({"V0, '0008NAK\n'", "V1, '0008NAK\n'", "V2, '000dpackfile\n0000'", "V0, ''", "V2, ''"})
  void a_node_that_sends_no_pack_goes_down_when_a_probe_fails_too(
      ProtocolVersion version, String body) throws Exception {
    ExchangeScene fetches = new ExchangeScene(RequestFixture.fetch().version(version));
    fetches.failProbe("a");
    boolean v2 = version == ProtocolVersion.V2;
    String complete = v2 ? V2_RESPONSE : "0008NAK\n" + PACK;
    fetches.link.script("a", responds(200, body)).script("b", responds(200, complete));
    String question = v2 ? FETCH : V0_FETCH;
    int truncated = 0;
    for (int i = 0; i < 20; i++) truncated += isTruncated(fetches, question) ? 1 : 0;
    assertThat(truncated).isEqualTo(3);
    assertThat(fetches.isDown("a")).isTrue();
    assertThat(fetches.isDown("b")).isFalse();
  }

  private boolean isTruncated() throws Exception {
    return isTruncated(scene, FETCH);
  }

  private static boolean isTruncated(ExchangeScene of, String question) throws Exception {
    Answer answer = of.answer(RecordingClient.withBody(question));
    return answer.interruption().filter(Interruption::isTruncation).isPresent();
  }
}
