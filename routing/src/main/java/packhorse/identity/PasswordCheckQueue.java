package packhorse.identity;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import packhorse.memory.MemoryPlan;
import packhorse.request.ClientNetwork;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Runs password checks, two at a time (one on a small heap), and lets a bounded number of them
/// wait. The networks of the clients take turns, and when all places are taken, the newest check of
/// the network that has most of them makes room. So a client that sends many wrong passwords delays
/// other clients by no more than the checks that run already.
///
/// Called by [PasswordVerifier] on request threads, which wait for their turn.
final class PasswordCheckQueue {
  private static final int MAX_RUNNING = MemoryPlan.ofThisJvm().passwordChecks();

  /// A check takes about a tenth of a second, so a longer queue would mean a wait of many seconds.
  static final int MAX_WAITING = 64;

  /// Behind a load balancer all clients have one address, so this is not much less.
  static final int MAX_WAITING_PER_NETWORK = 48;

  private final Lock lock = new ReentrantLock();

  /// The checks that wait, by network, in the order in which the networks take turns.
  private final SequencedMap<ClientNetwork, Deque<Place>> waiting = new LinkedHashMap<>();

  private int waitingCount;
  private int running;

  /// A place of a check that waits. Guarded by the lock.
  private static final class Place {
    private enum State {
      WAITING,
      ADMITTED,
      DISPLACED
    }

    private final Condition changed;
    private State state = State.WAITING;

    Place(Condition changed) {
      this.changed = changed;
    }

    void change(State newState) {
      state = newState;
      changed.signal();
    }

    State await() {
      while (state == State.WAITING) changed.awaitUninterruptibly();
      return state;
    }
  }

  /// Runs a check when it is its turn, on a platform thread of its own.
  ///
  /// @param network where the request comes from
  /// @throws RefusalException with [Refusal.Kind#BUSY] when too many checks are waiting
  boolean run(ClientNetwork network, BooleanSupplier check) throws RefusalException {
    enter(network);
    try {
      return new PlatformThreadTask("password", check).await();
    } finally {
      leave();
    }
  }

  private void enter(ClientNetwork network) throws RefusalException {
    lock.lock();
    try {
      if (running < MAX_RUNNING) {
        running++;
      } else if (!makeRoom(network) || takePlace(network) == Place.State.DISPLACED) {
        throw new RefusalException(Refusal.tooManyPasswordChecks());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether the network may have one more place. Displaces a check of another one if all are
  /// taken.
  private boolean makeRoom(ClientNetwork network) {
    Deque<Place> own = waiting.get(network);
    int ownCount = own == null ? 0 : own.size();
    if (ownCount >= MAX_WAITING_PER_NETWORK) return false;
    if (waitingCount < MAX_WAITING) return true;
    Deque<Place> most = Collections.max(waiting.values(), Comparator.comparingInt(Deque::size));
    if (most.size() <= ownCount + 1) return false;
    most.removeLast().change(Place.State.DISPLACED);
    waitingCount--;
    return true;
  }

  private Place.State takePlace(ClientNetwork network) {
    Place place = new Place(lock.newCondition());
    waiting.computeIfAbsent(network, n -> new ArrayDeque<>()).addLast(place);
    waitingCount++;
    return place.await();
  }

  /// Passes the place of a check that has ended on to the next one.
  private void leave() {
    lock.lock();
    try {
      Map.Entry<ClientNetwork, Deque<Place>> turn = waiting.pollFirstEntry();
      if (turn == null) {
        running--;
        return;
      }
      turn.getValue().removeFirst().change(Place.State.ADMITTED);
      waitingCount--;
      if (!turn.getValue().isEmpty()) waiting.putLast(turn.getKey(), turn.getValue());
    } finally {
      lock.unlock();
    }
  }
}
