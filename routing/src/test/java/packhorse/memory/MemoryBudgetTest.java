package packhorse.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import packhorse.request.RefusalException;

final class MemoryBudgetTest {
  private static final int REQUEST = MemoryBudget.REQUEST_BYTES;
  private static final Duration SHORT = Duration.ofMillis(20);

  @Test
  void what_a_request_holds_is_returned_when_it_ends() throws RefusalException {
    var budget = new MemoryBudget(64 * REQUEST);
    try (MemoryShare share = budget.share(client(1))) {
      share.enter();
      share.enter();
      assertThat(budget.heldBytes()).isEqualTo(REQUEST);
      share.take(1000);
      share.give(400);
      assertThat(budget.heldBytes()).isEqualTo(REQUEST + 600);
      share.verify();
    }
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void a_request_that_gets_no_memory_waits_and_is_refused_in_words() throws RefusalException {
    var budget = new MemoryBudget(8 * REQUEST, SHORT);
    List<MemoryShare> held = enterAll(budget, 2, client(1));
    MemoryShare next = budget.share(client(1));
    assertThat(next.admit()).isTrue();
    long start = System.nanoTime();
    assertThatThrownBy(next::enter)
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("has no memory for this request just now");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
    assertThat(budget.refusedRequests()).isEqualTo(1);
    held.forEach(MemoryShare::close);
    assertThatCode(next::enter).doesNotThrowAnyException();
    next.close();
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void a_waiting_request_goes_on_as_soon_as_another_ends() throws Exception {
    var budget = new MemoryBudget(8 * REQUEST, Duration.ofSeconds(30));
    List<MemoryShare> held = enterAll(budget, 2, client(1));
    MemoryShare next = budget.share(client(1));
    var entered = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                next.enter();
                entered.countDown();
              } catch (RefusalException e) {
                throw new AssertionError(e);
              }
            });
    held.getFirst().close();
    entered.await();
    waiting.join();
    next.close();
    held.forEach(MemoryShare::close);
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void one_address_cannot_take_what_others_need_until_it_is_verified() throws RefusalException {
    var budget = new MemoryBudget(16 * REQUEST, SHORT);
    List<MemoryShare> ofOne = enterAll(budget, 4, client(1));
    assertThatThrownBy(budget.share(client(1))::enter).isInstanceOf(RefusalException.class);
    List<MemoryShare> ofAnother = enterAll(budget, 4, client(2));
    // Half of the budget is for those who are verified.
    assertThatThrownBy(budget.share(client(3))::enter).isInstanceOf(RefusalException.class);
    ofOne.forEach(MemoryShare::verify);
    assertThatCode(budget.share(client(1))::enter).doesNotThrowAnyException();
    MemoryShare verified = budget.share(client(2));
    verified.verify();
    assertThatCode(verified::enter).doesNotThrowAnyException();
    ofAnother.forEach(MemoryShare::close);
  }

  @Test
  void requests_that_grow_leave_a_quarter_to_those_that_begin() throws RefusalException {
    var budget = new MemoryBudget(16 * REQUEST, SHORT);
    MemoryShare large = budget.share(client(1));
    large.verify();
    large.enter();
    large.take(11 * REQUEST);
    assertThat(large.tryTake(1)).isFalse();
    assertThatThrownBy(() -> large.take(1)).isInstanceOf(RefusalException.class);
    for (int i = 0; i < 4; i++) budget.share(client(2)).enter();
  }

  @Test
  void few_requests_wait_and_the_others_are_refused_at_once() throws RefusalException {
    var budget = new MemoryBudget(16 * REQUEST, SHORT);
    enterAll(budget, 4, client(1));
    List<MemoryShare> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) waiting.add(budget.share(client(1)));
    for (MemoryShare share : waiting) assertThat(share.admit()).isTrue();
    assertThat(budget.share(client(1)).admit()).isFalse();
    waiting.getFirst().close();
    assertThat(budget.share(client(1)).admit()).isTrue();
  }

  @Test
  void nothing_is_taken_after_a_request_has_ended() {
    var budget = new MemoryBudget(16 * REQUEST, SHORT);
    MemoryShare share = budget.share(client(1));
    share.close();
    assertThat(share.tryTake(1)).isFalse();
    assertThatThrownBy(() -> share.take(1)).isInstanceOf(RefusalException.class);
    assertThat(budget.heldBytes()).isZero();
  }

  private static List<MemoryShare> enterAll(MemoryBudget budget, int count, InetAddress client)
      throws RefusalException {
    List<MemoryShare> shares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MemoryShare share = budget.share(client);
      share.enter();
      shares.add(share);
    }
    return shares;
  }

  static InetAddress client(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
