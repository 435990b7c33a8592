package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;

/// Checks of more passwords than can be checked at a time.
final class PasswordVerifierTest {
  private static final int MAX_RUNNING = 2;
  private static final int EXCESS = 4;

  /// A hash with the cheapest parameters that are allowed.
  private static final PasswordHash STORED =
      PasswordHash.parse("$argon2id$v=19$m=8,t=1,p=1$" + "A".repeat(22) + "$" + "A".repeat(43));

  private final PasswordVerifier verifier = new PasswordVerifier();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch refused = new CountDownLatch(EXCESS);
  private final AtomicInteger wrongPasswords = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();

  @Test
  void a_bounded_number_of_checks_waits_and_further_ones_are_refused_at_once() throws Exception {
    CountDownLatch running = new CountDownLatch(MAX_RUNNING);
    for (int i = 0; i < MAX_RUNNING; i++)
      start(() -> verifier.runLimited(() -> blockUntilReleased(running)));
    running.await();
    int capacity = MAX_RUNNING + PasswordVerifier.MAX_WAITING;
    for (int i = 0; i < capacity + EXCESS; i++) {
      String name = "user" + i;
      start(() -> check(name));
    }
    assertThat(refused.await(30, TimeUnit.SECONDS)).as("refused at once").isTrue();
    assertThat(wrongPasswords).hasValue(0);
    release.countDown();
    for (Thread thread : threads) thread.join();
    assertThat(wrongPasswords).hasValue(capacity);
    assertThat(verifier.verify("late", "wrong", STORED)).isFalse();
  }

  private void start(Runnable task) {
    threads.add(Thread.ofVirtual().start(task));
  }

  private void check(String name) {
    try {
      if (!verifier.verify(name, "wrong", STORED)) wrongPasswords.incrementAndGet();
    } catch (RefusalException e) {
      if (e.refusal().kind() == Kind.BUSY) refused.countDown();
    }
  }

  private boolean blockUntilReleased(CountDownLatch running) {
    running.countDown();
    try {
      return release.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
