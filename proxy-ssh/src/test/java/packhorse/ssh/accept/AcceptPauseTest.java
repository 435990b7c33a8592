package packhorse.ssh.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import packhorse.request.AcceptFailures;

/// When the library hears that a connection could not be accepted.
@Timeout(30)
final class AcceptPauseTest {
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

  /// Notes each failure.
  private final CompletionHandler<AsynchronousSocketChannel, String> handler =
      new CompletionHandler<>() {
        @Override
        public void completed(AsynchronousSocketChannel accepted, String attachment) {
          throw new AssertionError("nobody connects");
        }

        @Override
        public void failed(Throwable failure, String attachment) {
          failures.add(failure);
        }
      };

  private static PausingServerChannel failing(AsynchronousServerSocketChannel channel) {
    var noDescriptors = new FailingChannel(channel, new IOException("Too many open files"));
    return new PausingServerChannel(noDescriptors, new AcceptFailures("ssh"));
  }

  @Test
  void a_failure_is_reported_after_a_pause() throws Exception {
    try (var channel = failing(AsynchronousServerSocketChannel.open())) {
      long before = System.nanoTime();
      channel.accept("x", handler);
      assertThat(failures.poll(10, TimeUnit.SECONDS)).hasMessage("Too many open files");
      assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void closing_the_channel_is_reported_at_once() throws Exception {
    var channel =
        new PausingServerChannel(AsynchronousServerSocketChannel.open(), new AcceptFailures("ssh"));
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    channel.accept("x", handler);
    channel.close();
    assertThat(failures.poll(10, TimeUnit.SECONDS)).isNotNull();
  }
}
