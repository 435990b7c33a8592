package packhorse.ssh;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.jspecify.annotations.Nullable;
import packhorse.memory.ConnectionBudget;

/// The activity of one connection: when its client last sent anything, whether a keep-alive is
/// without a reply, when keys were last exchanged, which channels are open, and why it was closed.
/// Used on any thread.
///
/// All of it is measured with a monotonic clock. MINA SSHD's own timers are off, because they
/// follow the wall clock: a step of that clock would end every transfer.
final class ConnectionActivity {
  /// The session attribute that holds the activity of a connection.
  static final AttributeKey<ConnectionActivity> ATTRIBUTE = new AttributeKey<>();

  private final LongSupplier nanoTime;
  private final ConnectionBudget.Place memory;
  private final long connectedAt;
  private final Set<ExecActivity> channels = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean firstChannelClaimed = new AtomicBoolean();
  private final AtomicReference<@Nullable String> closeReason = new AtomicReference<>();
  private volatile long lastActivity;
  private volatile long keysExchangedAt;
  private volatile boolean awaitsReply;
  private volatile long keepAliveSentAt;

  /// @param memory what the connection takes; each channel keeps it open
  ConnectionActivity(LongSupplier nanoTime, ConnectionBudget.Place memory) {
    this.memory = memory;
    this.nanoTime = nanoTime;
    this.connectedAt = nanoTime.getAsLong();
    this.lastActivity = connectedAt;
    this.keysExchangedAt = connectedAt;
  }

  /// Records that the client has sent something now.
  void recordActivity() {
    lastActivity = nanoTime.getAsLong();
  }

  /// Returns true to the first caller only, which opens the connection's first channel.
  boolean claimFirstChannel() {
    return !firstChannelClaimed.getAndSet(true);
  }

  /// Adds a channel.
  ///
  /// @return its activity, by which the channel is removed again
  ExecActivity channelOpened() {
    recordActivity();
    ExecActivity channel = new ExecActivity(nanoTime);
    channels.add(channel);
    memory.requestStarted();
    return channel;
  }

  void channelClosed(ExecActivity channel) {
    recordActivity();
    if (channels.remove(channel)) memory.requestEnded();
  }

  void connectionClosed() {
    memory.close();
  }

  int openChannels() {
    return channels.size();
  }

  /// Whether the client has granted no room to a channel that is written to for longer than this.
  boolean isBlockedFor(Duration time) {
    return channels.stream().anyMatch(channel -> channel.isBlockedFor(time));
  }

  /// Whether a channel has been open for longer than this without an exec or shell request.
  boolean hasUnusedChannelFor(Duration time) {
    return channels.stream().anyMatch(channel -> channel.isUnusedFor(time));
  }

  /// Records that new keys are in use.
  void keysExchanged() {
    keysExchangedAt = nanoTime.getAsLong();
  }

  /// Whether the keys have been in use for longer than this.
  boolean areKeysOlderThan(Duration age) {
    return nanoTime.getAsLong() - keysExchangedAt > age.toNanos();
  }

  /// Records why the connection is being closed, as a clause about the client: `it disconnected`.
  /// Only the first reason counts, because others follow from it.
  void recordCloseReason(String reason) {
    closeReason.compareAndSet(null, reason);
  }

  /// Returns the reason for which the connection was closed, if any is known.
  Optional<String> closeReason() {
    return Optional.ofNullable(closeReason.get());
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

  /// Whether the client has not replied to a keep-alive for longer than this.
  boolean lacksReplyFor(Duration time) {
    return awaitsReply && nanoTime.getAsLong() - keepAliveSentAt > time.toNanos();
  }

  void keepAliveSent() {
    keepAliveSentAt = nanoTime.getAsLong();
    awaitsReply = true;
  }

  void replyReceived() {
    awaitsReply = false;
    recordActivity();
  }

  /// The activity of one channel: whether its client has sent a request, and whether its output
  /// makes progress, that is, how long a write has been blocked since its client last granted room
  /// in the channel's window. Recorded by the thread of the exec and by MINA SSHD's threads, read
  /// by [ConnectionMonitor].
  static final class ExecActivity {
    private final LongSupplier nanoTime;
    private final long openedAt;
    private volatile boolean used;
    private volatile boolean writing;
    private volatile long lastProgress;

    private ExecActivity(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.openedAt = nanoTime.getAsLong();
    }

    /// Records that the client has sent an exec or shell request.
    void requestStarted() {
      used = true;
    }

    /// Whether the channel has been open for longer than this without a request.
    boolean isUnusedFor(Duration time) {
      return !used && nanoTime.getAsLong() - openedAt > time.toNanos();
    }

    /// Records that a write to the client begins.
    void writeStarted() {
      lastProgress = nanoTime.getAsLong();
      writing = true;
    }

    /// Records that the write has ended, however it did.
    void writeEnded() {
      writing = false;
    }

    /// Records that the client has granted more room.
    void roomGranted() {
      lastProgress = nanoTime.getAsLong();
    }

    /// Whether a write has made no progress for longer than this.
    boolean isBlockedFor(Duration time) {
      return writing && nanoTime.getAsLong() - lastProgress > time.toNanos();
    }
  }
}
