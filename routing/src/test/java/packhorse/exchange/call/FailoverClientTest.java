package packhorse.exchange.call;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.resetsConnection;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.Route;
import packhorse.node.WaitListener;
import packhorse.request.Headers;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.PktReader;

/// Which requests are sent to another node, and which are not.
final class FailoverClientTest {
  private static final String NOT_OUR_REF =
      "0032ERR upload-pack: not our ref 1111111111111111111\n";

  private final ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());
  private final ScriptedLink link = scene.link;
  private final FailoverClient client = new FailoverClient(link, scene.nodes);

  @AfterEach
  void no_response_is_left_open() {
    assertThat(link.allResponsesClosed()).isTrue();
  }

  private static Route route(boolean retryable) {
    return new Route(
        List.of(RequestFixture.node("a"), RequestFixture.node("b")), retryable, "a test");
  }

  private static NodeRequest request() {
    return new NodeRequest(
        "POST",
        "/x",
        "code.test",
        Headers.empty(),
        new NodeRequest.BufferedBody(ByteString.of("0000")));
  }

  /// Sends a retryable request. Returns the node and the status of the response, or the kind of the
  /// refusal.
  private String read() throws Exception {
    return send(true);
  }

  private String send(boolean retryable) throws Exception {
    try (RoutedResponse response =
        client.send(
            scene.permit(),
            route(retryable),
            request(),
            FailoverClientTest::isNotOurRef,
            WaitListener.none())) {
      return response.nodeResponse().node().name() + " " + response.nodeResponse().status();
    } catch (RefusalException refused) {
      return refused.refusal().kind().label();
    }
  }

  private static boolean isNotOurRef(NodeResponse response) {
    try {
      return PktReader.peekFirst(response.peek())
          .flatMap(ErrorPkts::errorText)
          .filter(ErrorPkts::isNotOurRef)
          .isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void a_read_with_a_response_is_not_sent_again() throws Exception {
    link.script("a", responds(200, "0000"));
    assertThat(read()).isEqualTo("a 200");
    assertThat(link.requestedNodes()).containsExactly("a");
  }

  @Test
  void a_read_is_sent_to_another_node_if_the_first_fails_before_the_first_byte_of_the_body()
      throws Exception {
    scene.failProbe("a");
    link.script("a", refusesConnection(), resetsConnection(), truncatesAfter(""))
        .script("b", responds(200, "0000"));
    for (int i = 0; i < 3; i++) assertThat(read()).isEqualTo("b 200");
    assertThat(scene.isDown("a")).isTrue();
    assertThat(scene.isDown("b")).isFalse();
  }

  @Test
  void the_response_lists_the_failures_before_it() throws Exception {
    link.script("a", refusesConnection()).script("b", responds(200, "0000"));
    try (RoutedResponse response =
        client.send(scene.permit(), route(true), request(), WaitListener.none())) {
      assertThat(response.attempts())
          .containsExactly(
              Attempt.failed(RequestFixture.node("a"), "node \"a\": connection refused"));
    }
  }

  @Test
  void a_read_whose_response_has_started_is_not_sent_again() throws Exception {
    link.script("a", truncatesAfter("0008NAK\n"));
    assertThat(read()).isEqualTo("a 200");
    assertThat(link.requestedNodes()).containsExactly("a");
  }

  @Test
  void a_write_is_sent_to_another_node_only_if_nothing_of_it_was_sent() throws Exception {
    link.script("a", refusesConnection()).script("b", responds(200, "0000"));
    assertThat(send(false)).isEqualTo("b 200");
    link.script("a", resetsConnection()).script("b");
    assertThat(send(false)).isEqualTo("node-failed");
    link.script("a", truncatesAfter("")).script("b");
    assertThat(send(false)).isEqualTo("node-failed");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 413, 429, 500, 502, 503})
  void any_response_to_a_write_is_returned(int status) throws Exception {
    link.script("a", responds(status, "no")).script("b");
    assertThat(send(false)).isEqualTo("a " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 403, 404, 429})
  void a_nodes_own_refusal_of_a_read_is_returned(int status) throws Exception {
    link.script("a", responds(status, "no")).script("b");
    assertThat(read()).isEqualTo("a " + status);
    assertThat(scene.isDown("a")).isFalse();
  }

  @Test
  void a_server_error_that_another_node_does_not_have_counts_as_a_failure() throws Exception {
    scene.failProbe("a");
    link.script("a", responds(500, "")).script("b", responds(200, "0000"));
    for (int i = 0; i < 3; i++) assertThat(read()).isEqualTo("b 200");
    assertThat(scene.isDown("a")).isTrue();
  }

  // One broken repository must not take all nodes down.
  @Test
  void a_server_error_that_every_node_has_is_returned_and_takes_no_node_down() throws Exception {
    link.script("a", responds(500, "")).script("b", responds(503, "", "Retry-After: 5"));
    for (int i = 0; i < 5; i++) assertThat(read()).isEqualTo("a 500");
    assertThat(scene.isDown("a")).isFalse();
    assertThat(scene.isDown("b")).isFalse();
  }

  @Test
  void a_fetch_of_an_object_that_a_node_lacks_is_sent_to_another_node() throws Exception {
    link.script("a", responds(200, NOT_OUR_REF)).script("b", responds(200, "0008NAK\n"));
    assertThat(read()).isEqualTo("b 200");
    assertThat(scene.isDown("a")).isFalse();
  }

  // An error that git reported takes precedence over the failure of another node, in any order.
  @Test
  void a_git_error_is_returned_if_no_other_node_has_a_better_response() throws Exception {
    link.script("a", responds(200, NOT_OUR_REF)).script("b", refusesConnection());
    assertThat(read()).isEqualTo("a 200");
    link.script("b", responds(500, ""));
    assertThat(read()).isEqualTo("a 200");
    link.script("b", responds(200, NOT_OUR_REF));
    assertThat(read()).isEqualTo("a 200");
    link.script("a", responds(502, "")).script("b", responds(200, NOT_OUR_REF));
    assertThat(read()).isEqualTo("b 200");
    link.script("a", responds(503, "")).script("b", refusesConnection());
    assertThat(read()).isEqualTo("a 503");
  }

  @Test
  void the_refusal_lists_the_failures_of_all_nodes_for_the_operator() throws Exception {
    link.script("a", resetsConnection()).script("b", refusesConnection());
    try (RoutedResponse response =
        client.send(scene.permit(), route(true), request(), WaitListener.none())) {
      throw new AssertionError(response.toString());
    } catch (RefusalException refused) {
      assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_DOWN);
      assertThat(refused.refusal().detail())
          .isEqualTo("node \"a\": connection reset; node \"b\": connection refused");
      assertThat(refused.refusal().message()).doesNotContain("3000", "refused");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "Text/HTML; charset=utf-8"})
  void a_web_page_is_a_failure_and_is_not_returned(String type) throws Exception {
    scene.failProbe("a");
    String[] page = {"Content-Type: " + type};
    link.script("a", responds(200, "hello", page)).script("b", responds(200, "0000"));
    assertThat(read()).isEqualTo("b 200");
    link.script("b", responds(200, "<!DOCTYPE html>"));
    assertThat(read()).isEqualTo("node-failed");
    assertThat(read()).isEqualTo("node-failed");
    assertThat(scene.isDown("a")).isTrue();
  }

  // The git client itself rejects this content type.
  @Test
  void a_git_response_with_the_content_type_of_a_web_page_is_returned() throws Exception {
    link.script("a", responds(200, "001e# service=git-upload-pack\n", "Content-Type: text/html"));
    assertThat(read()).isEqualTo("a 200");
  }

  @Test
  void a_web_page_is_returned_where_any_content_is_accepted() throws Exception {
    link.script("a", responds(200, "<html>", "Content-Type: text/html"));
    try (RoutedResponse response =
        client.sendForAnyContent(scene.permit(), route(true), request(), WaitListener.none())) {
      assertThat(response.nodeResponse().status()).isEqualTo(200);
    }
  }

  @Test
  void a_web_page_with_an_error_status_is_returned() throws Exception {
    link.script("a", responds(404, "<html>", "Content-Type: text/html"));
    assertThat(read()).isEqualTo("a 404");
  }

  @Test
  void a_write_answered_with_a_web_page_is_not_sent_to_another_node() throws Exception {
    link.script("a", responds(200, "<html>")).script("b", responds(200, "0000"));
    assertThat(send(false)).isEqualTo("node-failed");
    assertThat(link.requestedNodes()).containsExactly("a");
  }

  @Test
  void the_refusal_for_a_web_page_says_what_the_node_sent() throws Exception {
    link.script("a", responds(200, "<html>")).script("b", responds(200, "<html>"));
    RefusalException refused = scene.refusal(RecordingClient.withBody("0014command=ls-refs\n0000"));
    assertThat(refused.refusal().message()).contains("responded with a web page");
    assertThat(Optional.of(refused.refusal().kind())).contains(Kind.NODE_FAILED);
  }
}
