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
import packhorse.request.ClientNetwork;

/// Limits the connections of the SSH front, over all its listeners together; the HTTP front has a
/// limit of its own. Unauthenticated connections have a lower limit. When a new connection exceeds
/// one of the two, the oldest unauthenticated connection from the network that has most of these is
/// closed, so that a flood from one network locks no other client out. Also records what MINA SSHD
/// reports of each connection in its [ConnectionActivity]. Called on any thread.
final class ConnectionLimiter implements SessionListener {
  private static final int MIN_UNAUTHENTICATED = 16;
  private static final int MAX_REASON_LENGTH = 200;

  private final LongSupplier nanoTime;
  private final int maxConnections;
  private final int maxUnauthenticated;
  private final Map<Session, ClientNetwork> unauthenticated = new LinkedHashMap<>();
  private final Map<Session, ConnectionActivity> connections = new LinkedHashMap<>();

  /// @param maxConnections how many may be open at the same time. A tenth of them, but at least 16,
  ///   may be unauthenticated
  ConnectionLimiter(int maxConnections, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.maxConnections = maxConnections;
    this.maxUnauthenticated =
        Math.min(maxConnections, Math.max(MIN_UNAUTHENTICATED, maxConnections / 10));
  }

  @Override
  public void sessionCreated(Session session) {
    ConnectionActivity activity = new ConnectionActivity(nanoTime);
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
    connections.remove(session);
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
