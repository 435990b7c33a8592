package packhorse.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import packhorse.memory.ConnectionBudget;
import packhorse.request.ClientNetwork;

/// Limits the connections of the SSH front, over all its listeners together; the HTTP front has a
/// limit of its own. Unauthenticated connections have a lower limit. When a new connection exceeds
/// one of the two, the oldest unauthenticated connection from the network that has most of these is
/// closed, so that a flood from one network locks no other client out. Also records what MINA SSHD
/// reports of each connection in its [ConnectionActivity]. Called on any thread.
final class ConnectionLimiter implements SessionListener {
  private static final int MIN_UNAUTHENTICATED = 16;
  private static final int MAX_REASON_LENGTH = 200;

  // What a connection takes at most, in bytes: 50 KiB as measured before the login, its keys, and a
  // buffer that has grown to twice the largest packet.
  private static final int CONNECTION_BYTES = 192 * 1024;

  private final LongSupplier nanoTime;
  private final ConnectionBudget memory;
  private final int maxConnections;
  private final int maxUnauthenticated;
  private final Map<Session, ClientNetwork> unauthenticated = new LinkedHashMap<>();
  private final Map<Session, ConnectionActivity> connections = new LinkedHashMap<>();

  /// @param maxConnections how many may be open at the same time. A tenth of them, but at least 16,
  ///   may be unauthenticated
  /// @param memory what connections may take; those without a channel are closed if it does not
  ///   suffice
  ConnectionLimiter(int maxConnections, LongSupplier nanoTime, ConnectionBudget memory) {
    this.memory = memory;
    this.nanoTime = nanoTime;
    this.maxConnections = maxConnections;
    this.maxUnauthenticated =
        Math.min(maxConnections, Math.max(MIN_UNAUTHENTICATED, maxConnections / 10));
  }

  @Override
  public void sessionCreated(Session session) {
    ConnectionBudget.Place place =
        memory.open(remoteAddress(session), CONNECTION_BYTES, () -> session.close(true));
    ConnectionActivity activity = new ConnectionActivity(nanoTime, place);
    session.setAttribute(ConnectionActivity.ATTRIBUTE, activity);
    Optional<Session> excess;
    synchronized (this) {
      connections.put(session, activity);
      unauthenticated.put(session, ClientNetwork.of(remoteAddress(session)));
      boolean exceeded =
          connections.size() > maxConnections || unauthenticated.size() > maxUnauthenticated;
      excess = exceeded ? oldestOfLargestNetwork() : Optional.empty();
    }
    excess.ifPresent(oldest -> oldest.close(true));
    // A listener before this one, or the budget, may have closed it already; then MINA SSHD has
    // reported that before the connection was in the maps.
    if (!session.isOpen()) sessionClosed(session);
  }

  @Override
  public synchronized void sessionEvent(Session session, Event event) {
    ConnectionActivity activity = connections.get(session);
    if (activity == null) return;
    if (event == Event.KeyEstablished) activity.keysExchanged();
    if (event == Event.Authenticated) {
      activity.recordActivity();
      unauthenticated.remove(session);
    }
  }

  @Override
  public void sessionException(Session session, Throwable failure) {
    String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    recordCloseReason(session, reason.substring(0, Math.min(MAX_REASON_LENGTH, reason.length())));
  }

  @Override
  public void sessionDisconnect(
      Session session, int reason, String message, String language, boolean initiator) {
    if (!initiator) recordCloseReason(session, "it disconnected");
  }

  private synchronized void recordCloseReason(Session session, String reason) {
    ConnectionActivity activity = connections.get(session);
    if (activity != null) activity.recordCloseReason(reason);
  }

  @Override
  public synchronized void sessionClosed(Session session) {
    unauthenticated.remove(session);
    ConnectionActivity activity = connections.remove(session);
    if (activity != null) activity.connectionClosed();
  }

  /// Returns a copy of the connections that are open now, with the activity of each.
  synchronized Map<Session, ConnectionActivity> connections() {
    return new LinkedHashMap<>(connections);
  }

  private Optional<Session> oldestOfLargestNetwork() {
    Map<ClientNetwork, Long> counts =
        unauthenticated.values().stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    Optional<ClientNetwork> largest =
        counts.entrySet().stream()
            .max(Comparator.comparingLong(Map.Entry::getValue))
            .map(Map.Entry::getKey);
    return unauthenticated.entrySet().stream()
        .filter(entry -> largest.filter(entry.getValue()::equals).isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  static InetAddress remoteAddress(Session session) {
    return ((InetSocketAddress) session.getIoSession().getRemoteAddress()).getAddress();
  }
}
