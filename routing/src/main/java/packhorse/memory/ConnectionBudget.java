package packhorse.memory;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import packhorse.request.ClientNetwork;

/// The bytes that the connections of all clients together may take, besides what their requests
/// hold. When they do not suffice, connections without a request are closed: those of the address
/// that has most of them, the oldest first. So a flood of connections from one address closes
/// itself. Made once, for all fronts; used on any thread, and never blocks.
public final class ConnectionBudget {
  private final long limit;
  private final Map<ClientNetwork, IdleConnections> idle = new HashMap<>();
  private long held;
  private long closed;

  /// The connections without a request of one address, those that are idle for longest first.
  private static final class IdleConnections {
    private final Set<Place> places = new LinkedHashSet<>();
    private long bytes;
  }

  /// @param limit in bytes
  public ConnectionBudget(long limit) {
    this.limit = limit;
  }

  /// Adds a connection without a request. It may be closed at once.
  ///
  /// @param bytes what the connection takes
  /// @param close closes the connection, for want of memory
  public Place open(InetAddress client, long bytes, Runnable close) {
    Place place = new Place(ClientNetwork.of(client), close);
    change(place, bytes, 0);
    return place;
  }

  /// The bytes that connections take now.
  public synchronized long heldBytes() {
    return held;
  }

  /// How many connections have been closed for want of memory since the start.
  public synchronized long closedConnections() {
    return closed;
  }

  private void change(Place place, long bytes, int requests) {
    List<Place> excess = new ArrayList<>();
    synchronized (this) {
      if (place.removed) return;
      if (place.requests == 0) removeIdle(place);
      place.requests += requests;
      place.bytes += bytes;
      held += bytes;
      if (place.requests == 0) addIdle(place);
      while (held > limit) {
        Optional<Place> next = oldestOfLargestNetwork();
        if (next.isEmpty()) break;
        remove(next.get());
        closed++;
        excess.add(next.get());
      }
    }
    excess.forEach(closing -> closing.close.run());
  }

  private synchronized void remove(Place place) {
    if (place.removed) return;
    if (place.requests == 0) removeIdle(place);
    held -= place.bytes;
    place.removed = true;
  }

  private void addIdle(Place place) {
    IdleConnections ofNetwork = idle.computeIfAbsent(place.network, _ -> new IdleConnections());
    ofNetwork.places.add(place);
    ofNetwork.bytes += place.bytes;
  }

  private void removeIdle(Place place) {
    IdleConnections ofNetwork = idle.get(place.network);
    if (ofNetwork == null || !ofNetwork.places.remove(place)) return;
    ofNetwork.bytes -= place.bytes;
    if (ofNetwork.places.isEmpty()) idle.remove(place.network);
  }

  private Optional<Place> oldestOfLargestNetwork() {
    return idle.values().stream()
        .max(Comparator.comparingLong(connections -> connections.bytes))
        .map(largest -> largest.places.iterator().next());
  }

  /// What one connection takes of the budget. Its front says when it has a request, which keeps it
  /// open, and removes it when it is closed.
  public final class Place implements AutoCloseable {
    private final ClientNetwork network;
    private final Runnable close;
    private long bytes;
    private long unfinishedBytes;
    private int requests;
    private boolean removed;

    private Place(ClientNetwork network, Runnable close) {
      this.network = network;
      this.close = close;
    }

    /// Records the beginning of a request, which has a share of the [MemoryBudget] from now on.
    public void requestStarted() {
      long finished;
      synchronized (ConnectionBudget.this) {
        finished = unfinishedBytes;
        unfinishedBytes = 0;
      }
      change(this, -finished, 1);
    }

    public void requestEnded() {
      change(this, 0, -1);
    }

    /// Adds bytes for a request whose head has not arrived completely, until it begins.
    public void addUnfinished(long more) {
      synchronized (ConnectionBudget.this) {
        unfinishedBytes += more;
      }
      change(this, more, 0);
    }

    /// Removes the connection, which is closed.
    @Override
    public void close() {
      remove(this);
    }
  }
}
