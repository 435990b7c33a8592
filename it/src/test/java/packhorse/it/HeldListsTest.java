package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

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
import packhorse.it.kit.Await;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Line;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.RecordingNode;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.Turns;

/// A node that makes its list when it is asked and holds it for a while: what others are shown who
/// ask meanwhile.
@ExtendWith(Leaks.class)
final class HeldListsTest {
  private static final String OLD = "1".repeat(40);
  private static final String NEW = "2".repeat(40);
  private static final String HEAD =
      """
      HTTP/1.1 200 Fine\r
      Content-Type: application/x-git-upload-pack-advertisement\r
      X-Odd: kept\r
      """;

  private final CountDownLatch held = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final RecordingNode node;
  private final RunningProxy proxy;
  private final List<RawClient> clients = new ArrayList<>();
  private volatile String tip = OLD;
  private volatile String more = "";
  private volatile String headers = "";

  HeldListsTest(@TempDir Path folder) {
    node = RecordingNode.start(RecordingNode.Script.forEach(this::answer));
    proxy = RunningProxy.start(ProxyText.in(folder).node("one", node.url()));
  }

  @AfterEach
  void stop() {
    held.countDown();
    clients.forEach(RawClient::close);
    proxy.close();
    node.close();
  }

  private void answer(RawMessage request, Line line) throws IOException, InterruptedException {
    String list = pkt("# service=git-upload-pack\n") + "0000" + pkt(tip + " HEAD\0\n") + more;
    int which = asked.incrementAndGet();
    held.await();
    byte[] bytes = (list + "0000").getBytes(StandardCharsets.ISO_8859_1);
    line.answer(HEAD + headers.formatted(which), bytes);
  }

  private RawClient client() {
    RawClient client = RawClient.connect(proxy.port("http"));
    clients.add(client);
    return client.send(
        "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:"
            + proxy.port("http")
            + "\r\n\r\n");
  }

  private static String text(RawClient client) {
    return client.answer().orElseThrow().text();
  }

  /// A client whose list the node has made and holds.
  private RawClient first() {
    RawClient first = client();
    Await.until("the node is asked", () -> asked.get() == 1);
    return first;
  }

  @Test
  void who_asks_after_a_push_at_the_node_is_not_shown_a_list_that_was_made_before() {
    RawClient first = first();
    tip = NEW;
    RawClient second = client();
    RawClient third = client();
    Turns.await(2);
    held.countDown();
    assertThat(text(first)).contains(OLD);
    assertThat(text(second)).contains(NEW).doesNotContain(OLD);
    assertThat(text(third)).contains(NEW).doesNotContain(OLD);
    assertThat(asked).hasValue(2);
  }

  @Test
  void whoever_shares_an_answer_hears_the_nodes_head_as_it_came() {
    List<RawClient> all = List.of(first(), client(), client());
    Turns.await(2);
    held.countDown();
    for (RawClient client : all) {
      RawMessage answer = client.answer().orElseThrow();
      assertThat(answer.startLine()).isEqualTo("HTTP/1.1 200 Fine");
      assertThat(answer.header("X-Odd")).containsExactly("kept");
      assertThat(answer.header("Content-Length")).hasSize(1);
    }
  }

  @Test
  void a_client_that_does_not_read_holds_nobody_up() {
    more = pkt(NEW + " refs/heads/" + "x".repeat(20_000) + "\n").repeat(800);
    first();
    List<RawClient> sharing = new ArrayList<>();
    for (int i = 0; i < 4; i++) sharing.add(client());
    Turns.await(4);
    held.countDown();
    sharing.removeFirst();
    for (RawClient client : sharing) assertThat(text(client)).endsWith("x\n0000");
    assertThat(text(client())).endsWith("x\n0000");
  }

  @Test
  void an_answer_that_sets_a_cookie_is_for_one_client() {
    headers = "Set-Cookie: id=%d\r\n";
    List<RawClient> all = List.of(first(), client(), client());
    Turns.await(2);
    held.countDown();
    assertThat(all)
        .map(client -> client.answer().orElseThrow().header("Set-Cookie"))
        .doesNotHaveDuplicates();
  }
}
