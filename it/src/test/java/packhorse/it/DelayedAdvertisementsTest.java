package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.proxy.WaitingRequests;

/// A node that creates its ref advertisement when it receives the request and delays the response:
/// what clients get that send the same request meanwhile.
@ExtendWith(LeakDetector.class)
final class DelayedAdvertisementsTest {
  private static final String OLD_ID = "1".repeat(40);
  private static final String NEW_ID = "2".repeat(40);
  private static final String HEAD =
      """
      HTTP/1.1 200 Fine\r
      Content-Type: application/x-git-upload-pack-advertisement\r
      X-Odd: kept\r
      """;

  private final CountDownLatch responseAllowed = new CountDownLatch(1);
  private final AtomicInteger requestCount = new AtomicInteger();
  private final RecordingNode node;
  private final RunningProxy proxy;
  private final List<RawClient> clients = new ArrayList<>();
  private volatile String tip = OLD_ID;
  private volatile String moreRefs = "";
  private volatile String headers = "";

  DelayedAdvertisementsTest(@TempDir Path folder) {
    node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
    proxy = RunningProxy.start(ProxyConfig.in(folder).node("one", node.url()));
  }

  @AfterEach
  void stop() {
    responseAllowed.countDown();
    clients.forEach(RawClient::close);
    proxy.close();
    node.close();
  }

  private void respond(RawMessage request, ServerConnection connection)
      throws IOException, InterruptedException {
    String advertisement =
        pkt("# service=git-upload-pack\n") + "0000" + pkt(tip + " HEAD\0\n") + moreRefs;
    int number = requestCount.incrementAndGet();
    responseAllowed.await();
    byte[] bytes = (advertisement + "0000").getBytes(StandardCharsets.ISO_8859_1);
    connection.respond(HEAD + headers.formatted(number), bytes);
  }

  private RawClient sendRequest() {
    RawClient client = RawClient.connect(proxy.port("http"));
    clients.add(client);
    return client.send(
        "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:"
            + proxy.port("http")
            + "\r\n\r\n");
  }

  private static String readText(RawClient client) {
    return client.readResponse().orElseThrow().bodyText();
  }

  /// Sends the first request and waits until the node has received it.
  private RawClient sendFirstRequest() {
    RawClient first = sendRequest();
    Await.until("the node has the request", () -> requestCount.get() == 1);
    return first;
  }

  @Test
  void a_request_after_a_push_does_not_get_an_advertisement_from_before_it() {
    RawClient first = sendFirstRequest();
    tip = NEW_ID;
    RawClient second = sendRequest();
    RawClient third = sendRequest();
    WaitingRequests.await(2);
    responseAllowed.countDown();
    assertThat(readText(first)).contains(OLD_ID);
    assertThat(readText(second)).contains(NEW_ID).doesNotContain(OLD_ID);
    assertThat(readText(third)).contains(NEW_ID).doesNotContain(OLD_ID);
    assertThat(requestCount).hasValue(2);
  }

  @Test
  void clients_that_share_a_response_get_the_nodes_status_line_and_headers() {
    List<RawClient> clients = List.of(sendFirstRequest(), sendRequest(), sendRequest());
    WaitingRequests.await(2);
    responseAllowed.countDown();
    for (RawClient client : clients) {
      RawMessage response = client.readResponse().orElseThrow();
      assertThat(response.startLine()).isEqualTo("HTTP/1.1 200 Fine");
      assertThat(response.header("X-Odd")).containsExactly("kept");
      assertThat(response.header("Content-Length")).hasSize(1);
    }
  }

  @Test
  void a_client_that_does_not_read_does_not_delay_the_others() {
    moreRefs = pkt(NEW_ID + " refs/heads/" + "x".repeat(20_000) + "\n").repeat(800);
    sendFirstRequest();
    List<RawClient> waitingClients = new ArrayList<>();
    for (int i = 0; i < 4; i++) waitingClients.add(sendRequest());
    WaitingRequests.await(4);
    responseAllowed.countDown();
    waitingClients.removeFirst();
    for (RawClient client : waitingClients) assertThat(readText(client)).endsWith("x\n0000");
    assertThat(readText(sendRequest())).endsWith("x\n0000");
  }

  @Test
  void a_response_that_sets_a_cookie_is_not_shared() {
    headers = "Set-Cookie: id=%d\r\n";
    List<RawClient> clients = List.of(sendFirstRequest(), sendRequest(), sendRequest());
    WaitingRequests.await(2);
    responseAllowed.countDown();
    assertThat(clients)
        .map(client -> client.readResponse().orElseThrow().header("Set-Cookie"))
        .doesNotHaveDuplicates();
  }
}
