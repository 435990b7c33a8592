package packhorse.ssh;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.sshd.common.AttributeRepository.AttributeKey;

/// The activity of one connection: when its client last sent anything, whether a keep-alive is
/// without a reply, and how many channels are open. Used on any thread.
final class ConnectionActivity {
  /// The session attribute that holds the activity of a connection.
  static final AttributeKey<ConnectionActivity> ATTRIBUTE = new AttributeKey<>();

  private final LongSupplier nanoTime;
  private final long connectedAt;
  private final AtomicInteger openChannels = new AtomicInteger();
  private final AtomicBoolean firstChannelClaimed = new AtomicBoolean();
  private volatile long lastActivity;
  private volatile boolean awaitsReply;

  ConnectionActivity(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.connectedAt = nanoTime.getAsLong();
    this.lastActivity = connectedAt;
  }

  /// Records that the client has sent something now.
  void recordActivity() {
    lastActivity = nanoTime.getAsLong();
  }

  /// Returns true to the first caller only, which opens the connection's first channel.
  boolean claimFirstChannel() {
    return !firstChannelClaimed.getAndSet(true);
  }

  void channelOpened() {
    recordActivity();
    openChannels.incrementAndGet();
  }

  void channelClosed() {
    openChannels.decrementAndGet();
  }

  int openChannels() {
    return openChannels.get();
  }

  /// Whether the client connected longer ago than this.
  boolean isOlderThan(Duration age) {
    return nanoTime.getAsLong() - connectedAt > age.toNanos();
  }

  /// Whether the client has sent nothing for longer than this.
  boolean isSilentFor(Duration time) {
    return nanoTime.getAsLong() - lastActivity > time.toNanos();
  }

  /// Whether the client has not yet replied to a keep-alive.
  boolean awaitsReply() {
    return awaitsReply;
  }

  void keepAliveSent() {
    awaitsReply = true;
  }

  void replyReceived() {
    awaitsReply = false;
    recordActivity();
  }
}
