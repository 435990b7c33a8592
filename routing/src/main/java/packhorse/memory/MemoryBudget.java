package packhorse.memory;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import packhorse.request.ClientNetwork;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// The bytes that the requests of all clients together may make the proxy hold, on the heap and in
/// direct memory. Each request has a [MemoryShare], which holds a fixed number of bytes for the
/// request itself and grows with what is collected of its body. A request that gets none waits for
/// a moment and is refused then.
///
/// Half of the budget can be held by requests of clients that nobody has verified yet, and half of
/// that by those of one address, so that strangers cannot take what is needed by others. A quarter
/// of each limit is left to requests that begin, so that large ones do not stop small ones.
///
/// Made once; used on any thread. Only [MemoryShare#enter] and [MemoryShare#take] block.
public final class MemoryBudget {
  /// What a request is charged when it begins: its head, the objects and the stack of its thread,
  /// and the buffers through which its body and its response pass.
  static final int REQUEST_BYTES = 64 * 1024;

  /// How long whoever gets no memory waits for it before it is refused.
  public static final Duration PATIENCE = Duration.ofMillis(1500);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final Duration patience;
  private final Limits limits;
  private final long maxWaiting;
  private final Map<ClientNetwork, Long> unverifiedByNetwork = new HashMap<>();
  private long held;
  private long unverified;
  private long waiting;
  private long refused;

  /// The most that may be held.
  ///
  /// @param all by all requests
  /// @param unverified by requests of clients that are not verified
  /// @param network by requests of clients that are not verified and have the same address
  private record Limits(long all, long unverified, long network) {
    Limits forGrowth() {
      return new Limits(all / 4 * 3, unverified / 4 * 3, network / 4 * 3);
    }
  }

  /// @param bytes the size of the budget
  public MemoryBudget(long bytes) {
    this(bytes, PATIENCE);
  }

  /// @param patience how long a request waits for its bytes
  public MemoryBudget(long bytes, Duration patience) {
    this.patience = patience;
    this.limits = new Limits(bytes, bytes / 2, bytes / 4);
    this.maxWaiting = Math.max(2, bytes / 4 / REQUEST_BYTES);
  }

  /// Returns a share for the requests of a client, which holds nothing yet.
  public MemoryShare share(InetAddress client) {
    return new MemoryShare(this, ClientNetwork.of(client));
  }

  /// Returns a share for what several requests have in common.
  public MemoryShare sharedByClients() {
    MemoryShare share = share(InetAddress.getLoopbackAddress());
    share.verify();
    return share;
  }

  /// The bytes that are held now.
  public long heldBytes() {
    return locked(() -> held);
  }

  /// How many requests have been refused since the start.
  public long refusedRequests() {
    return locked(() -> refused);
  }

  boolean admit(MemoryShare share) {
    return locked(() -> {
      if (share.admitted || share.waits) return true;
      if (tryAdd(share, REQUEST_BYTES, limits)) {
        share.admitted = true;
      } else if (waiting < maxWaiting) {
        waiting++;
        share.waits = true;
      } else {
        refused++;
        return false;
      }
      return true;
    });
  }

  void enter(MemoryShare share) throws RefusalException {
    lock.lock();
    try {
      if (!admit(share)) throw noMemory();
      if (share.admitted) return;
      await(share, REQUEST_BYTES, limits);
      share.admitted = true;
    } finally {
      endWait(share);
      lock.unlock();
    }
  }

  void take(MemoryShare share, long bytes) throws RefusalException {
    lock.lock();
    try {
      await(share, bytes, limits.forGrowth());
    } finally {
      lock.unlock();
    }
  }

  boolean tryTake(MemoryShare share, long bytes) {
    return locked(() -> tryAdd(share, bytes, limits.forGrowth()));
  }

  void give(MemoryShare share, long bytes) {
    release(() -> add(share, -Math.min(bytes, share.held)));
  }

  void verify(MemoryShare share) {
    release(() -> {
      if (share.verified) return;
      addUnverified(share, -share.held);
      share.verified = true;
    });
  }

  void close(MemoryShare share) {
    release(() -> {
      endWait(share);
      add(share, -share.held);
      share.closed = true;
    });
  }

  private void await(MemoryShare share, long bytes, Limits most) throws RefusalException {
    long left = patience.toNanos();
    while (!tryAdd(share, bytes, most)) {
      if (left <= 0 || share.closed) {
        refused++;
        throw noMemory();
      }
      try {
        left = released.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw noMemory();
      }
    }
  }

  private void endWait(MemoryShare share) {
    if (share.waits) waiting--;
    share.waits = false;
  }

  private boolean tryAdd(MemoryShare share, long bytes, Limits most) {
    if (share.closed || held + bytes > most.all()) return false;
    if (!share.verified) {
      long network = unverifiedByNetwork.getOrDefault(share.network, 0L);
      if (unverified + bytes > most.unverified() || network + bytes > most.network()) return false;
    }
    add(share, bytes);
    return true;
  }

  private void add(MemoryShare share, long bytes) {
    if (bytes == 0) return;
    held += bytes;
    share.held += bytes;
    if (!share.verified) addUnverified(share, bytes);
  }

  private void addUnverified(MemoryShare share, long bytes) {
    unverified += bytes;
    unverifiedByNetwork.merge(
        share.network, bytes, (before, added) -> before + added == 0 ? null : before + added);
  }

  private static RefusalException noMemory() {
    return new RefusalException(Refusal.noMemory());
  }

  /// Runs an action that leaves more for others, who may be waiting for it.
  private void release(Runnable action) {
    lock.lock();
    try {
      action.run();
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
