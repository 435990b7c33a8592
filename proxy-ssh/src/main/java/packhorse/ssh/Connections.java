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

/// Every connection of the front. Those not logged in yet are bounded apart: where there are too
/// many, the oldest of the address that has most of them makes room, so that a flood from one place
/// shuts nobody else out. Called on any thread.
final class Connections implements SessionListener {
  private static final int LEAST_STRANGERS = 16;

  private final LongSupplier nanoTime;
  private final int most;
  private final int mostStrangers;
  private final Map<Session, InetAddress> strangers = new LinkedHashMap<>();
  private final Map<Session, Pulse> all = new LinkedHashMap<>();

  /// @param most connections at a time; a tenth of them may be strangers
  Connections(int most, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.most = most;
    this.mostStrangers = Math.min(most, Math.max(LEAST_STRANGERS, most / 10));
  }

  @Override
  public void sessionCreated(Session session) {
    Pulse pulse = new Pulse(nanoTime);
    session.setAttribute(Pulse.OF_SESSION, pulse);
    Optional<Session> leaving;
    synchronized (this) {
      all.put(session, pulse);
      strangers.put(session, address(session));
      boolean full = all.size() > most || strangers.size() > mostStrangers;
      leaving = full ? oldestOfTheLargestCrowd() : Optional.empty();
    }
    leaving.ifPresent(one -> one.close(true));
  }

  @Override
  public synchronized void sessionEvent(Session session, Event event) {
    if (event == Event.Authenticated) strangers.remove(session);
  }

  @Override
  public synchronized void sessionClosed(Session session) {
    strangers.remove(session);
    all.remove(session);
  }

  /// Everybody who is connected now.
  synchronized Map<Session, Pulse> now() {
    return new LinkedHashMap<>(all);
  }

  private Optional<Session> oldestOfTheLargestCrowd() {
    Map<InetAddress, Long> crowds =
        strangers.values().stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    Optional<InetAddress> largest =
        crowds.entrySet().stream()
            .max(Comparator.comparingLong(Map.Entry::getValue))
            .map(Map.Entry::getKey);
    return strangers.entrySet().stream()
        .filter(one -> largest.filter(one.getValue()::equals).isPresent())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  static InetAddress address(Session session) {
    return ((InetSocketAddress) session.getIoSession().getRemoteAddress()).getAddress();
  }
}
