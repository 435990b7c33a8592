package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.ScriptedLink.answers;
import static packhorse.kit.ScriptedLink.breaks;
import static packhorse.kit.ScriptedLink.breaksAfter;
import static packhorse.kit.ScriptedLink.unreachable;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.RememberingClient;
import packhorse.kit.Sample;
import packhorse.kit.ScriptedLink;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.node.Silence;
import packhorse.request.Headers;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;
import packhorse.wire.Bytes;

/// Who is asked again, and who is not.
final class AskingTest {
  private static final String NOT_OUR_REF =
      "0032ERR upload-pack: not our ref 1111111111111111111\n";

  private final Trial trial = new Trial(Sample.fetch());
  private final ScriptedLink link = trial.link;
  private final Asking asking = new Asking(link, trial.nodes);

  @AfterEach
  void no_answer_is_left_open() {
    assertThat(link.allClosed()).isTrue();
  }

  private static Route route(boolean repeatable) {
    return new Route(List.of(Sample.node("a"), Sample.node("b")), repeatable, "a test");
  }

  private static NodeCall call() {
    return new NodeCall(
        "POST", "/x", "code.test", Headers.none(), new NodeCall.Whole(Bytes.of("0000")));
  }

  /// The node and the status of the answer, or the kind of the refusal.
  private String read() throws Exception {
    return asked(true);
  }

  private String asked(boolean repeatable) throws Exception {
    try (Asked asked =
        asking.ask(
            trial.permit(), route(repeatable), call(), AskingTest::notOurRef, Silence.borne())) {
      return asked.answer().node().name() + " " + asked.answer().status();
    } catch (Refused refused) {
      return refused.refusal().kind().word();
    }
  }

  private static boolean notOurRef(packhorse.node.NodeAnswer answer) {
    return FirstPkt.of(answer)
        .flatMap(packhorse.wire.ErrorLines::said)
        .filter(packhorse.wire.ErrorLines::notOurRef)
        .isPresent();
  }

  @Test
  void a_read_that_was_answered_is_not_asked_again() throws Exception {
    link.script("a", answers(200, "0000"));
    assertThat(read()).isEqualTo("a 200");
    assertThat(link.called()).containsExactly("a");
  }

  @Test
  void a_read_goes_elsewhere_when_its_node_is_not_there_or_breaks_before_its_first_byte()
      throws Exception {
    link.script("a", unreachable(), breaks(), breaksAfter("")).script("b", answers(200, "0000"));
    for (int i = 0; i < 3; i++) assertThat(read()).isEqualTo("b 200");
    assertThat(trial.down("a")).isTrue();
    assertThat(trial.down("b")).isFalse();
  }

  @Test
  void what_failed_before_is_told() throws Exception {
    link.script("a", unreachable()).script("b", answers(200, "0000"));
    try (Asked asked = asking.ask(trial.permit(), route(true), call())) {
      assertThat(asked.failures()).containsExactly("node \"a\": connection refused");
    }
  }

  @Test
  void a_read_that_begins_is_not_asked_again() throws Exception {
    link.script("a", breaksAfter("0008NAK\n"));
    assertThat(read()).isEqualTo("a 200");
    assertThat(link.called()).containsExactly("a");
  }

  @Test
  void a_write_goes_elsewhere_only_when_nothing_of_it_was_sent() throws Exception {
    link.script("a", unreachable()).script("b", answers(200, "0000"));
    assertThat(asked(false)).isEqualTo("b 200");
    link.script("a", breaks()).script("b");
    assertThat(asked(false)).isEqualTo("node-failed");
    link.script("a", breaksAfter("")).script("b");
    assertThat(asked(false)).isEqualTo("node-failed");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 429, 500, 502, 503})
  void whatever_a_node_says_to_a_write_is_the_answer(int status) throws Exception {
    link.script("a", answers(status, "no")).script("b");
    assertThat(asked(false)).isEqualTo("a " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 403, 404, 429})
  void a_nodes_own_no_to_a_read_is_the_answer(int status) throws Exception {
    link.script("a", answers(status, "no")).script("b");
    assertThat(read()).isEqualTo("a " + status);
    assertThat(trial.down("a")).isFalse();
  }

  @Test
  void an_error_of_a_node_is_asked_elsewhere_and_counted_where_another_node_can() throws Exception {
    link.script("a", answers(500, "")).script("b", answers(200, "0000"));
    for (int i = 0; i < 3; i++) assertThat(read()).isEqualTo("b 200");
    assertThat(trial.down("a")).isTrue();
  }

  // a query of death: one broken repository must not take all nodes down
  @Test
  void an_error_that_every_node_has_is_the_answer_and_takes_none_down() throws Exception {
    link.script("a", answers(500, "")).script("b", answers(503, "", "Retry-After: 5"));
    for (int i = 0; i < 5; i++) assertThat(read()).isEqualTo("a 500");
    assertThat(trial.down("a")).isFalse();
    assertThat(trial.down("b")).isFalse();
  }

  @Test
  void what_a_node_has_not_is_asked_elsewhere() throws Exception {
    link.script("a", answers(200, NOT_OUR_REF)).script("b", answers(200, "0008NAK\n"));
    assertThat(read()).isEqualTo("b 200");
    assertThat(trial.down("a")).isFalse();
  }

  // git's own no is worth more than another node's failure, whoever was asked last
  @Test
  void a_no_of_gits_stands_when_nobody_knows_better() throws Exception {
    link.script("a", answers(200, NOT_OUR_REF)).script("b", unreachable());
    assertThat(read()).isEqualTo("a 200");
    link.script("b", answers(500, ""));
    assertThat(read()).isEqualTo("a 200");
    link.script("b", answers(200, NOT_OUR_REF));
    assertThat(read()).isEqualTo("a 200");
    link.script("a", answers(502, "")).script("b", answers(200, NOT_OUR_REF));
    assertThat(read()).isEqualTo("b 200");
    link.script("a", answers(503, "")).script("b", unreachable());
    assertThat(read()).isEqualTo("a 503");
  }

  @Test
  void nobody_there_is_said_with_every_failure_for_the_operator() throws Exception {
    link.script("a", breaks()).script("b", unreachable());
    try (Asked asked = asking.ask(trial.permit(), route(true), call())) {
      throw new AssertionError(asked.toString());
    } catch (Refused refused) {
      assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_DOWN);
      assertThat(refused.refusal().rule())
          .isEqualTo("node \"a\": connection reset; node \"b\": connection refused");
      assertThat(refused.refusal().sentence()).doesNotContain("3000", "refused");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "Text/HTML; charset=utf-8"})
  void a_page_is_a_failure_and_no_byte_of_it_is_an_answer(String type) throws Exception {
    String[] page = {"Content-Type: " + type};
    link.script("a", answers(200, "hello", page)).script("b", answers(200, "0000"));
    assertThat(read()).isEqualTo("b 200");
    link.script("b", answers(200, "<!DOCTYPE html>"));
    assertThat(read()).isEqualTo("node-failed");
    assertThat(read()).isEqualTo("node-failed");
    assertThat(trial.down("a")).isTrue();
  }

  // git itself refuses it, in its own words
  @Test
  void an_answer_of_gits_under_the_type_of_a_page_is_no_page() throws Exception {
    link.script("a", answers(200, "001e# service=git-upload-pack\n", "Content-Type: text/html"));
    assertThat(read()).isEqualTo("a 200");
  }

  @Test
  void a_page_that_is_asked_for_is_an_answer() throws Exception {
    link.script("a", answers(200, "<html>", "Content-Type: text/html"));
    try (Asked asked = asking.askAnything(trial.permit(), route(true), call())) {
      assertThat(asked.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_page_behind_a_no_of_the_nodes_is_its_no() throws Exception {
    link.script("a", answers(404, "<html>", "Content-Type: text/html"));
    assertThat(read()).isEqualTo("a 404");
  }

  @Test
  void the_sentence_for_a_page_names_the_node() throws Exception {
    link.script("a", answers(200, "<html>")).script("b", answers(200, "<html>"));
    Refused refused = trial.refused(RememberingClient.sending("0014command=ls-refs\n0000"));
    assertThat(refused.refusal().sentence()).contains("answered with a page");
    assertThat(Optional.of(refused.refusal().kind())).contains(Kind.NODE_FAILED);
  }
}
