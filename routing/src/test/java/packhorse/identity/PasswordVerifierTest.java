package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import packhorse.request.RefusalException;

/// Many requests with one password at the same time.
final class PasswordVerifierTest {
  private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");

  /// A hash with the cheapest parameters that are allowed.
  private static final PasswordHash STORED =
      PasswordHash.parse("$argon2id$v=19$m=8,t=1,p=1$" + "A".repeat(22) + "$" + "A".repeat(43));

  private final WaitingThreads threads = new WaitingThreads();
  private final CountDownLatch running = new CountDownLatch(1);
  private final AtomicInteger checks = new AtomicInteger();

  @Test
  void requests_with_one_credential_share_one_check_and_all_get_its_result() throws Exception {
    PasswordVerifier verifier =
        new PasswordVerifier(
            FailedLoginLimit.none(),
            (stored, password) -> {
              checks.incrementAndGet();
              return threads.blockUntilReleased(running);
            });
    List<AtomicInteger> accepted = Stream.generate(AtomicInteger::new).limit(300).toList();
    for (AtomicInteger own : accepted) threads.start(() -> own.set(verify(verifier) ? 1 : 0));
    running.await();
    threads.awaitAllWaiting();
    threads.release();
    assertThat(accepted).allSatisfy(own -> assertThat(own).hasValue(1));
    assertThat(checks).hasValue(1);
  }

  @Test
  void requests_whose_shared_check_failed_share_a_new_one() throws Exception {
    PasswordVerifier verifier =
        new PasswordVerifier(
            FailedLoginLimit.none(),
            (stored, password) -> {
              boolean released = threads.blockUntilReleased(running);
              if (checks.incrementAndGet() == 1) throw new IllegalStateException("no memory");
              return released;
            });
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger accepted = new AtomicInteger();
    for (int i = 0; i < 5; i++) {
      threads.start(() -> {
        try {
          if (verify(verifier)) accepted.incrementAndGet();
        } catch (IllegalStateException e) {
          failed.incrementAndGet();
        }
      });
    }
    running.await();
    threads.awaitAllWaiting();
    threads.release();
    assertThat(failed).hasValue(1);
    assertThat(accepted).hasValue(4);
    assertThat(checks).hasValue(2);
  }

  @Test
  void a_check_that_ends_with_an_error_is_neither_a_wrong_password_nor_remembered()
      throws Exception {
    FailedLoginLimit limit = new FailedLoginLimit(1, Duration.ofHours(1), address -> false);
    PasswordVerifier verifier =
        new PasswordVerifier(
            limit,
            (stored, password) -> {
              if (checks.incrementAndGet() == 1) throw new OutOfMemoryError("no memory");
              return true;
            });
    assertThatThrownBy(() -> verifier.verify(CLIENT, "alice", "right", STORED))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("no memory");
    assertThat(limit.isReachedBy(CLIENT)).isFalse();
    assertThat(verifier.verify(CLIENT, "alice", "right", STORED)).isTrue();
  }

  private static boolean verify(PasswordVerifier verifier) {
    try {
      return verifier.verify(CLIENT, "alice", "right", STORED);
    } catch (RefusalException e) {
      return false;
    }
  }
}
