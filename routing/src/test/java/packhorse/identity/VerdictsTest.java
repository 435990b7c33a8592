package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import packhorse.request.Refusal.Kind;
import packhorse.request.Refused;

/// What happens when more passwords are shown than can be checked.
final class VerdictsTest {
  private static final int BOTH = 2;
  private static final int TOO_MANY = 4;

  /// As cheap as a hash can be.
  private static final PasswordHash STORED =
      PasswordHash.parse("$argon2id$v=19$m=8,t=1,p=1$" + "A".repeat(22) + "$" + "A".repeat(43));

  private final Verdicts verdicts = new Verdicts();
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch refused = new CountDownLatch(TOO_MANY);
  private final AtomicInteger checked = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();

  @Test
  void a_bounded_number_waits_and_whoever_comes_later_is_told_so_at_once() throws Exception {
    CountDownLatch busy = new CountDownLatch(BOTH);
    for (int i = 0; i < BOTH; i++) started(() -> verdicts.limited(() -> held(busy)));
    busy.await();
    int places = BOTH + Verdicts.MOST_WAITING;
    for (int i = 0; i < places + TOO_MANY; i++) {
      String name = "user" + i;
      started(() -> check(name));
    }
    assertThat(refused.await(30, TimeUnit.SECONDS)).as("refused at once").isTrue();
    assertThat(checked).hasValue(0);
    go.countDown();
    for (Thread thread : threads) thread.join();
    assertThat(checked).hasValue(places);
    assertThat(verdicts.right("late", "wrong", STORED)).isFalse();
  }

  private void started(Runnable what) {
    threads.add(Thread.ofVirtual().start(what));
  }

  private void check(String name) {
    try {
      if (!verdicts.right(name, "wrong", STORED)) checked.incrementAndGet();
    } catch (Refused no) {
      if (no.refusal().kind() == Kind.BUSY) refused.countDown();
    }
  }

  private boolean held(CountDownLatch busy) {
    busy.countDown();
    try {
      return go.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
