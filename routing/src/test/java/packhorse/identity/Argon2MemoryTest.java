package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import packhorse.request.RefusalException;

/// The memory that password checks use and leave.
final class Argon2MemoryTest {
  private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.7");
  private static final PasswordHash STORED = PasswordHash.of("right", new SecureRandom());

  @Test
  void checks_use_the_memory_of_earlier_ones_again() throws RefusalException {
    PasswordVerifier verifier = new PasswordVerifier(FailedLoginLimit.none());
    assertThat(verifier.verify(CLIENT, "alice", "wrong", STORED)).isFalse();
    long before = allocated();
    for (int i = 0; i < 10; i++) {
      assertThat(verifier.verify(CLIENT, "alice", "wrong " + i, STORED)).isFalse();
    }
    assertThat(verifier.verify(CLIENT, "alice", "right", STORED)).isTrue();
    // Eleven checks; other tests may allocate at the same time.
    assertThat(allocated() - before).isLessThan(5L * STORED.memoryKib() * 1024L);
  }

  @Test
  void checks_at_the_same_time_use_different_memory() throws InterruptedException {
    Argon2Memory memory = new Argon2Memory();
    AtomicInteger correct = new AtomicInteger();
    Thread[] threads = new Thread[2];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 5; round++) {
                  if (STORED.verify("right", memory) && !STORED.verify("wrong", memory)) {
                    correct.incrementAndGet();
                  }
                }
              });
    }
    for (Thread thread : threads) thread.join();
    assertThat(correct).hasValue(10);
  }

  /// All threads count, because a check has a thread of its own.
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
  }
}
