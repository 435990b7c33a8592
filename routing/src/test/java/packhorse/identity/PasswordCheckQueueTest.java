package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import packhorse.request.ClientNetwork;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;

/// More password checks than can run at a time, from one network and from several.
final class PasswordCheckQueueTest {
  private static final String ATTACKER = "192.0.2.66";
  private static final int MAX_RUNNING = 2;

  private final PasswordCheckQueue queue = new PasswordCheckQueue();
  private final WaitingThreads threads = new WaitingThreads();

  /// The names of the checks, in the order in which they began.
  private final List<String> begun = new CopyOnWriteArrayList<>();

  /// The number of refused checks of each address.
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();

  @Test
  void one_network_cannot_take_all_places_and_delays_another_by_what_runs_already()
      throws Exception {
    fill(ATTACKER, MAX_RUNNING);
    fill(ATTACKER, PasswordCheckQueue.MAX_WAITING_PER_NETWORK + 100);
    fill("192.0.2.1", 1);
    fill("192.0.2.2", 1);
    threads.release();
    assertThat(refused).isEqualTo(Map.of(ATTACKER, 100));
    assertThat(begun).hasSize(MAX_RUNNING + PasswordCheckQueue.MAX_WAITING_PER_NETWORK + 2);
    // Threads note their beginning a moment after they got their turn.
    assertThat(begun.subList(0, begun.size() / 2)).contains("192.0.2.1", "192.0.2.2");
  }

  @Test
  void addresses_of_one_ipv6_network_have_places_together() throws Exception {
    fill("2001:db8::1", MAX_RUNNING);
    for (int i = 0; i < PasswordCheckQueue.MAX_WAITING_PER_NETWORK + 5; i++) {
      fill("2001:db8::" + Integer.toHexString(i + 2), 1);
    }
    fill("2001:db8:0:1::2", 1);
    threads.release();
    assertThat(refused.values()).hasSize(5);
    assertThat(refused).doesNotContainKey("2001:db8:0:1::2");
  }

  @Test
  void when_all_places_are_taken_the_network_with_most_of_them_makes_room() throws Exception {
    fill(ATTACKER, MAX_RUNNING);
    fill(ATTACKER, 40);
    fill("192.0.2.67", PasswordCheckQueue.MAX_WAITING - 40);
    for (int i = 1; i <= 10; i++) fill("192.0.2." + i, 1);
    threads.release();
    assertThat(refused).isEqualTo(Map.of(ATTACKER, 10));
  }

  @Test
  void a_newcomer_is_refused_when_every_network_has_one_place() throws Exception {
    fill(ATTACKER, MAX_RUNNING);
    for (int i = 1; i <= PasswordCheckQueue.MAX_WAITING; i++) fill("198.51.100." + i, 1);
    fill("192.0.2.1", 1);
    threads.release();
    assertThat(refused).isEqualTo(Map.of("192.0.2.1", 1));
  }

  @Test
  void checks_that_fail_leave_their_place() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(failingCheck()).isEqualTo("no memory");
    }
    assertThat(queue.run(network(ATTACKER), () -> true)).isTrue();
  }

  private String failingCheck() throws RefusalException {
    try {
      queue.run(
          network(ATTACKER),
          () -> {
            throw new IllegalStateException("no memory");
          });
      return "";
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// Starts checks from one address and waits until each runs, waits or has been refused.
  private void fill(String address, int count) {
    for (int i = 0; i < count; i++) threads.start(() -> check(address));
    threads.awaitAllWaiting();
  }

  private void check(String address) {
    try {
      queue.run(
          network(address),
          () -> {
            begun.add(address);
            return threads.blockUntilReleased(new CountDownLatch(1));
          });
    } catch (RefusalException e) {
      assertThat(e.refusal().kind()).isEqualTo(Kind.BUSY);
      refused.merge(address, 1, Integer::sum);
    }
  }

  private static ClientNetwork network(String address) {
    return ClientNetwork.of(InetAddress.ofLiteral(address));
  }
}
