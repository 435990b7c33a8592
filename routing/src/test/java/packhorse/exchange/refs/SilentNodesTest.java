package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import packhorse.kit.RequestFixture;
import packhorse.memory.MemoryBudget;
import packhorse.node.ClientGoneException;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// A list of refs is asked from a second node while the first one is silent, and is given up when
/// nobody waits for it.
@Timeout(30)
final class SilentNodesTest {
  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofMinutes(10);

  private static ConcurrentRequests requests(Duration silenceLimit) {
    return new ConcurrentRequests(
        new AdvertisementCoalescer(
            new FanOutBufferFactory(RequestFixture.SPILL_FOLDER, new MemoryBudget(16 << 20)),
            truncation -> {},
            NEVER,
            new ResponseTimes(silenceLimit)));
  }

  private static ConcurrentRequests twoNodes() {
    ConcurrentRequests requests = requests(AT_ONCE);
    requests.allowSecondNode();
    return requests;
  }

  /// Starts a client whose request is in flight, and others that wait for the next one.
  private static List<FutureTask<String>> startClients(
      ConcurrentRequests requests, String first, String... others) throws InterruptedException {
    List<FutureTask<String>> clients = new ArrayList<>(List.of(requests.startClient(first)));
    assertThat(requests.awaitRequest()).isEqualTo(first);
    for (String other : others) {
      clients.add(requests.startClient(other));
      requests.awaitLastQueued();
    }
    return clients;
  }

  /// Starts a client whose request is in flight at a silent node and at another one.
  private static FutureTask<String> startAtBothNodes(ConcurrentRequests requests, String client)
      throws InterruptedException {
    FutureTask<String> started = startClients(requests, client).getFirst();
    assertThat(requests.awaitRequest()).isEqualTo(client + " at b");
    return started;
  }

  @Test
  void a_client_of_a_silent_node_gets_the_list_of_another() throws Exception {
    ConcurrentRequests requests = twoNodes();
    FutureTask<String> client = startAtBothNodes(requests, "one");
    requests.respondFrom("b", "list");
    assertThat(client.get()).isEqualTo("list");
    assertThat(requests.abandonedRequests()).containsExactly("one");
  }

  @Test
  void the_clients_of_a_silent_node_and_those_that_wait_share_the_list_of_another()
      throws Exception {
    ConcurrentRequests requests = requests(Duration.ofMillis(500));
    List<FutureTask<String>> clients = startClients(requests, "first", "second", "third");
    requests.allowSecondNode();
    assertThat(requests.awaitRequest()).isEqualTo("second at b");
    requests.respondFrom("b", "list");
    for (FutureTask<String> client : clients) {
      assertThat(client.get()).isEqualTo("list");
    }
    assertThat(requests.abandonedRequests()).containsExactly("first");
  }

  @Test
  void the_silent_node_may_still_answer_its_own_clients_first() throws Exception {
    ConcurrentRequests requests = twoNodes();
    FutureTask<String> client = startAtBothNodes(requests, "one");
    requests.respond("late");
    assertThat(client.get()).isEqualTo("late");
  }

  // A client that comes later must not get what the silent node read before.
  @Test
  void a_client_gets_no_list_that_was_asked_for_before_it_came() throws Exception {
    ConcurrentRequests requests = twoNodes();
    FutureTask<String> first = startAtBothNodes(requests, "first");
    FutureTask<String> second = requests.startClient("second");
    requests.awaitLastQueued();
    requests.respond("old");
    assertThat(first.get()).isEqualTo("old");
    requests.respond("new");
    requests.respondFrom("b", "new");
    requests.respondFrom("b", "new");
    assertThat(second.get()).isEqualTo("new");
  }

  @Test
  void at_most_two_requests_are_in_flight() throws Exception {
    ConcurrentRequests requests = twoNodes();
    FutureTask<String> first = startAtBothNodes(requests, "first");
    FutureTask<String> second = requests.startClient("second");
    requests.awaitLastQueued();
    assertThat(requests.hasMoreRequests()).isFalse();
    requests.respondFrom("b", "list");
    assertThat(first.get()).isEqualTo("list");
    requests.respond("next");
    requests.respondFrom("b", "next");
    assertThat(second.get()).isEqualTo("next");
  }

  @Test
  void if_the_second_node_fails_the_silent_one_is_still_waited_for() throws Exception {
    ConcurrentRequests requests = twoNodes();
    FutureTask<String> client = startAtBothNodes(requests, "one");
    requests.respondFrom(
        "b",
        () -> {
          throw new RefusalException(Refusal.nodeDown("no node is up"));
        });
    requests.respond("late");
    assertThat(client.get()).isEqualTo("late");
  }

  @Test
  void a_request_whose_only_client_leaves_is_given_up() throws Exception {
    ConcurrentRequests requests = requests(NEVER);
    FutureTask<String> client = requests.startClient("one");
    requests.awaitRequest();
    requests.leave("one");
    assertThatThrownBy(client::get).hasCauseInstanceOf(ClientGoneException.class);
    assertThat(requests.abandonedRequests()).containsExactly("one");
    requests.respond("list");
    assertThat(requests.startClient("later").get()).isEqualTo("list");
  }

  @Test
  void a_shared_request_goes_on_for_the_clients_that_stay() throws Exception {
    ConcurrentRequests requests = requests(NEVER);
    List<FutureTask<String>> clients = startClients(requests, "first", "leaving", "staying");
    requests.respond("old");
    assertThat(clients.getFirst().get()).isEqualTo("old");
    requests.awaitRequest();
    requests.leave("leaving");
    assertThatThrownBy(clients.get(1)::get).hasCauseInstanceOf(ClientGoneException.class);
    assertThat(requests.abandonedRequests()).isEmpty();
    requests.respond("list");
    assertThat(clients.get(2).get()).isEqualTo("list");
  }

  @Test
  void a_shared_request_is_given_up_when_its_last_client_leaves() throws Exception {
    ConcurrentRequests requests = requests(NEVER);
    List<FutureTask<String>> clients = startClients(requests, "first", "second", "third");
    requests.respond("old");
    assertThat(clients.getFirst().get()).isEqualTo("old");
    requests.awaitRequest();
    requests.leave("second");
    requests.leave("third");
    for (FutureTask<String> client : clients.subList(1, 3)) {
      assertThatThrownBy(client::get).hasCauseInstanceOf(ClientGoneException.class);
    }
    while (requests.abandonedRequests().isEmpty()) Thread.onSpinWait();
    requests.respond("list");
    assertThat(requests.startClient("later").get()).isEqualTo("list");
  }
}
