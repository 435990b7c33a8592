package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import packhorse.exchange.call.RoutedResponse;
import packhorse.kit.RequestFixture;
import packhorse.memory.MemoryBudget;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Tests that each key has one request in flight and at most one queued, which all waiting clients
/// share. [ConcurrentRequests] runs the clients; a request gets its response when the test calls
/// `respond`, in the order of the calls.
@Timeout(30)
final class AdvertisementCoalescerTest {
  private static final Duration LONG_LIMIT = Duration.ofMinutes(10);

  private final List<NodeFailure> truncations = new CopyOnWriteArrayList<>();
  private final ConcurrentRequests requests = new ConcurrentRequests(coalescer(LONG_LIMIT));

  private AdvertisementCoalescer coalescer(Duration responseTimeLimit) {
    return new AdvertisementCoalescer(
        new FanOutBufferFactory(RequestFixture.SPILL_FOLDER, new MemoryBudget(16 << 20)),
        truncations::add,
        responseTimeLimit);
  }

  /// Starts a client whose request is in flight, and others that wait for the next request.
  private List<FutureTask<String>> startClients(int others) throws InterruptedException {
    List<FutureTask<String>> clients = new ArrayList<>(List.of(requests.startClient("first")));
    assertThat(requests.awaitRequest()).isEqualTo("first");
    for (int i = 0; i < others; i++) clients.add(requests.startClient("other-" + i));
    requests.awaitQueuedClients();
    return clients;
  }

  @Test
  void a_hundred_requests_that_arrive_while_one_is_in_flight_share_the_next_one() throws Exception {
    List<FutureTask<String>> clients = startClients(100);
    assertThat(requests.hasMoreRequests()).as("requests beside the first").isFalse();
    requests.respond("old");
    requests.respond("new");
    assertThat(clients.getFirst().get()).isEqualTo("old");
    for (var client : clients.subList(1, clients.size())) assertThat(client.get()).isEqualTo("new");
    requests.awaitRequest();
    assertThat(requests.hasMoreRequests()).as("a third request").isFalse();
  }

  @Test
  void a_request_is_sent_at_once_if_none_is_in_flight() throws Exception {
    requests.respond("one");
    assertThat(requests.startClient("a").get()).isEqualTo("one");
    requests.respond("two");
    assertThat(requests.startClient("b").get()).isEqualTo("two");
  }

  @Test
  void a_request_with_another_key_does_not_wait() throws Exception {
    startClients(1);
    ListResponse other = ListResponse.of(new byte[] {'x'});
    requests.respondFrom(ConcurrentRequests.OTHER_TARGET, other::routed);
    try (RoutedResponse response = requests.send(ConcurrentRequests.OTHER_TARGET, "other")) {
      assertThat(response.nodeResponse()).isSameAs(other);
    }
  }

  @Test
  void a_shared_response_has_head_body_and_trailers_and_its_route_mentions_the_sharing()
      throws Exception {
    startClients(0);
    var clients =
        List.of(
            requests.startClient("b", AdvertisementCoalescerTest::describe),
            requests.startClient("c", AdvertisementCoalescerTest::describe));
    requests.awaitQueuedClients();
    requests.respond("old");
    requests.respond("list", "Cache-Control: no-cache", "X-Odd: 1");
    for (var client : clients) {
      assertThat(client.get())
          .startsWith("200 Fine [Header[name=Cache-Control")
          .contains("X-Odd", "list", "X-Last")
          .containsPattern("read, asked once for 2 as request [bc]$");
    }
  }

  private static String describe(RoutedResponse routed) throws IOException {
    var response = routed.nodeResponse();
    String head = response.status() + " " + response.reason() + " " + response.headers().lines();
    byte[] peeked = new byte[4];
    response.peek().get(peeked);
    String body = ConcurrentRequests.readText(routed);
    assertThat(new String(peeked, StandardCharsets.UTF_8)).isEqualTo(body);
    return head + body + response.trailers().lines() + routed.route().reason();
  }

  @Test
  void the_refusal_of_a_shared_request_reaches_each_client() throws Exception {
    List<FutureTask<String>> clients = startClients(5);
    requests.respond("old");
    requests.respond(() -> {
      throw new RefusalException(Refusal.nodeDown("no node is up"));
    });
    for (var client : clients.subList(1, clients.size())) {
      assertThatThrownBy(client::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(RefusalException.class)
          .hasMessageContaining("no node is up");
    }
    requests.respond("recovered");
    assertThat(requests.startClient("later").get()).isEqualTo("recovered");
  }

  @Test
  void the_queued_request_starts_when_the_one_in_flight_fails() throws Exception {
    List<FutureTask<String>> clients = startClients(3);
    requests.respond(() -> {
      throw new IOException("broken");
    });
    requests.respond("new");
    assertThatThrownBy(clients.getFirst()::get).hasRootCauseMessage("broken");
    for (var client : clients.subList(1, 4)) assertThat(client.get()).isEqualTo("new");
  }

  @Test
  void a_truncated_response_is_counted_once_and_no_client_gets_a_clean_end() throws Exception {
    List<FutureTask<String>> clients = startClients(5);
    requests.respond("old");
    requests.respond(() -> ListResponse.truncatedAfter(new byte[] {'x'}).routed());
    for (var client : clients.subList(1, clients.size())) {
      assertThatThrownBy(client::get)
          .cause()
          .isInstanceOfSatisfying(
              NodeFailure.class, failure -> assertThat(failure.isCounted()).isTrue());
    }
    assertThat(truncations).hasSize(1);
    assertThat(truncations.getFirst().isCounted()).isFalse();
  }

  @Test
  void the_first_client_may_leave_before_the_shared_request_starts_and_the_others_get_a_response()
      throws Exception {
    startClients(0);
    var leaving = requests.startClient("leaving");
    requests.awaitQueuedClients();
    requests.interruptLast();
    assertThatThrownBy(leaving::get).hasCauseInstanceOf(ClientGoneException.class);
    var staying = requests.startClient("staying");
    var alsoStaying = requests.startClient("also staying");
    requests.respond("old");
    requests.respond("new");
    // For the last client, if it arrives too late to share the request of the other.
    requests.respond("newest");
    assertThat(List.of(staying.get(), alsoStaying.get())).containsAnyOf("new", "newest");
  }

  @Test
  void the_first_client_may_leave_during_the_shared_response_and_the_others_get_it_completely()
      throws Exception {
    startClients(0);
    byte[] large = new byte[3 << 20];
    var leader =
        requests.startClient(
            "leader",
            response -> {
              response.close();
              return 0;
            });
    var other =
        requests.startClient("other", response -> ConcurrentRequests.readText(response).length());
    requests.awaitQueuedClients();
    requests.respond("old");
    requests.respond(() -> ListResponse.of(large).routed());
    assertThat(other.get()).isEqualTo(large.length);
    assertThat(leader.get()).isZero();
  }

  @Test
  void a_shared_response_is_not_read_further_when_all_clients_have_left() throws Exception {
    startClients(0);
    ListResponse endless = ListResponse.of(new byte[8 << 20]);
    List<FutureTask<Integer>> leaving = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      leaving.add(
          requests.startClient(
              "leaving",
              response -> {
                response.close();
                return 0;
              }));
    }
    requests.awaitQueuedClients();
    requests.respond("old");
    requests.respond(endless::routed);
    for (var client : leaving) client.get();
    requests.respond("later");
    assertThat(requests.startClient("later").get()).isEqualTo("later");
    assertThat(endless.isClosed()).isTrue();
    assertThat(endless.body().available()).isPositive();
  }

  @Test
  void a_response_that_sets_a_cookie_is_not_shared() throws Exception {
    List<FutureTask<String>> clients = startClients(2);
    requests.respond("old");
    requests.respond("for one", "Set-Cookie: id=1");
    requests.respond("for another", "Set-Cookie: id=2");
    requests.respond("for the third", "Set-Cookie: id=3");
    assertThat(clients.get(1).get()).isNotEqualTo(clients.get(2).get());
  }

  @Test
  void a_client_that_reads_slowly_delays_the_queued_request_no_longer_than_the_limit()
      throws Exception {
    ConcurrentRequests shortLimit = new ConcurrentRequests(coalescer(Duration.ofMillis(1)));
    CountDownLatch end = new CountDownLatch(1);
    shortLimit.respond("slow");
    var slow =
        shortLimit.startClient(
            "slow",
            response -> {
              end.await();
              return ConcurrentRequests.readText(response);
            });
    shortLimit.awaitRequest();
    shortLimit.respond("new");
    assertThat(shortLimit.startClient("fast").get()).isEqualTo("new");
    end.countDown();
    assertThat(slow.get()).isEqualTo("slow");
  }

  @Test
  void a_queued_request_waits_for_one_without_a_response_regardless_of_the_limit()
      throws Exception {
    ConcurrentRequests shortLimit = new ConcurrentRequests(coalescer(Duration.ofMillis(1)));
    var first = shortLimit.startClient("first");
    shortLimit.awaitRequest();
    var second = shortLimit.startClient("second");
    shortLimit.awaitQueuedClients();
    assertThat(shortLimit.hasMoreRequests()).isFalse();
    shortLimit.respond("old");
    shortLimit.respond("new");
    assertThat(first.get()).isEqualTo("old");
    assertThat(second.get()).isEqualTo("new");
  }
}
