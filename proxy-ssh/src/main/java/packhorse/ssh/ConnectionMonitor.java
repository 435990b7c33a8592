package packhorse.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections whose client is dead or does not log in in time. A silent client with an open
/// channel may only be busy (git sends nothing while a hook runs or a pack is made), so it is sent
/// keep-alives, and its connection is closed when it does not reply. One virtual thread for each
/// SSH front.
final class ConnectionMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionMonitor.class);
  private static final String KEEP_ALIVE = "keepalive@openssh.com";

  private final ConnectionLimiter limiter;
  private final SshSettings.ClientTimeouts timeouts;
  private final Duration keepAliveInterval;
  private final CountDownLatch stopped = new CountDownLatch(1);

  ConnectionMonitor(ConnectionLimiter limiter, SshSettings.ClientTimeouts timeouts) {
    this.limiter = limiter;
    this.timeouts = timeouts;
    this.keepAliveInterval = shorter(timeouts.idle(), timeouts.stall()).dividedBy(4);
    Thread.ofVirtual().name("ssh-connection-monitor").start(this::run);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void run() {
    Duration interval =
        shorter(shorter(keepAliveInterval, timeouts.login().dividedBy(4)), Duration.ofSeconds(5));
    try {
      while (!stopped.await(Math.max(20, interval.toMillis()), TimeUnit.MILLISECONDS)) {
        limiter.connections().forEach(this::check);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check(Session session, ConnectionActivity activity) {
    if (!session.isAuthenticated()) {
      if (activity.isOlderThan(timeouts.login())) session.close(true);
    } else if (activity.openChannels() > 0) {
      checkAlive(session, activity);
    }
  }

  private void checkAlive(Session session, ConnectionActivity activity) {
    if (activity.awaitsReply()) {
      if (!activity.isSilentFor(timeouts.stall())) return;
      LOG.debug(
          "{}: no reply to a keep-alive for {}",
          session.getIoSession().getRemoteAddress(),
          timeouts.stall());
      session.close(true);
    } else if (activity.isSilentFor(keepAliveInterval)) {
      sendKeepAlive(session, activity);
    }
  }

  private static void sendKeepAlive(Session session, ConnectionActivity activity) {
    activity.keepAliveSent();
    try {
      Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
      request.putString(KEEP_ALIVE);
      request.putBoolean(true);
      session.request(request, KEEP_ALIVE, (code, reply) -> activity.replyReceived());
    } catch (IOException e) {
      LOG.debug("{}: cannot send a keep-alive", session.getIoSession().getRemoteAddress(), e);
      session.close(true);
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
