package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @Test
  void requests_with_one_credential_share_one_check_and_all_get_its_result() throws Exception {
    int requests = 300;
    AtomicInteger checks = new AtomicInteger();
    CountDownLatch running = new CountDownLatch(1);
    PasswordVerifier sharing =
        new PasswordVerifier((stored, password) -> {
          checks.incrementAndGet();
          return blockUntilReleased(running);
        });
    AtomicInteger accepted = new AtomicInteger();
    for (int i = 0; i < requests; i++) {
      start(() -> {
        if (verify(sharing, "alice", "right").equals(Optional.of(true))) accepted.incrementAndGet();
      });
    }
    running.await();
    awaitWaiting(threads);
    release.countDown();
    for (Thread thread : threads) thread.join();
    assertThat(accepted).hasValue(requests);
    assertThat(checks).hasValue(1);
  }

  @Test
  void a_request_whose_shared_check_was_refused_or_failed_begins_its_own() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    AtomicInteger checks = new AtomicInteger();
    PasswordVerifier failing =
        new PasswordVerifier((stored, password) -> {
          boolean released = blockUntilReleased(running);
          if (checks.incrementAndGet() == 1) throw new IllegalStateException("no memory");
          return released;
        });
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger accepted = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      start(() -> {
        try {
          if (verify(failing, "alice", "right").isPresent()) accepted.incrementAndGet();
        } catch (IllegalStateException e) {
          failed.incrementAndGet();
        }
      });
    }
    running.await();
    awaitWaiting(threads);
    release.countDown();
    for (Thread thread : threads) thread.join();
    assertThat(failed).hasValue(1);
    assertThat(accepted).hasValue(4);
    assertThat(checks).hasValue(2);
  }

  /// The result; empty if the request was refused.
  private static Optional<Boolean> verify(PasswordVerifier verifier, String name, String password) {
    try {
      return Optional.of(verifier.verify(name, password, STORED));
    } catch (RefusalException e) {
      assertThat(e.refusal().kind()).isEqualTo(Kind.BUSY);
      return Optional.empty();
    }
  }

  private static void awaitWaiting(List<Thread> threads) {
    long start = System.nanoTime();
    while (!threads.stream().allMatch(PasswordVerifierTest::isWaitingOrEnded)) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
      Thread.onSpinWait();
    }
  }

  private static boolean isWaitingOrEnded(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, BLOCKED, TERMINATED -> true;
      case NEW, RUNNABLE -> false;
    };
  }

  private void start(Runnable task) {
    threads.add(Thread.ofVirtual().start(task));
  }

  private void check(String name) {
    verify(verifier, name, "wrong")
        .ifPresentOrElse(matches -> wrongPasswords.incrementAndGet(), refused::countDown);
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
