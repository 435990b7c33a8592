package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// Interim responses (1xx) that a node sends before its final response: RFC 9110 §15.2.
final class InterimResponsesTest {
  private static final String FINAL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 104, 120, 199})
  void the_final_response_after_an_interim_response_is_relayed(int status) throws Exception {
    String interim = "HTTP/1.1 " + status + " X\r\nX-Interim: x\r\n\r\n";
    try (var node = RawNode.respondingWith(interim + interim + FINAL);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      var response = RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.text()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 120})
  void a_flood_of_interim_responses_is_an_error(int status) throws Exception {
    String flood = ("HTTP/1.1 " + status + " X\r\n\r\n").repeat(1000);
    try (var node = RawNode.respondingWith(flood + FINAL);
        var proxy = TestProxy.inFrontOf(node.uri())) {
      assertThat(RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS)).status())
          .isEqualTo(502);
    }
  }
}
