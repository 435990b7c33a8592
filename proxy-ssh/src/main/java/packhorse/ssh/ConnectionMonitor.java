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

/// Closes SSH connections whose client exceeds the login timeout, is idle, reads nothing or no
/// longer replies. Silence alone does not mean that a client is gone (git sends nothing while a
/// hook runs or a pack is created). Therefore a silent client with an open channel is sent a
/// keep-alive, and its connection is closed if the client does not reply and has sent nothing for
/// the stall timeout. Also renews the keys of old connections. Created and closed by [SshFront];
/// runs on one virtual thread of its own.
final class ConnectionMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionMonitor.class);
  private static final String KEEP_ALIVE = "keepalive@openssh.com";
  // RFC 4253, section 9, recommends new keys after an hour. MINA SSHD itself counts the bytes.
  private static final Duration KEY_LIFETIME = Duration.ofHours(1);

  private final ConnectionLimiter limiter;
  private final SshSettings.ClientTimeouts timeouts;
  private final Duration keepAliveInterval;
  private final CountDownLatch closed = new CountDownLatch(1);

  ConnectionMonitor(ConnectionLimiter limiter, SshSettings.ClientTimeouts timeouts) {
    this.limiter = limiter;
    this.timeouts = timeouts;
    this.keepAliveInterval = shorter(timeouts.idle(), timeouts.stall()).dividedBy(4);
    Thread.ofVirtual().name("ssh-connection-monitor").start(this::run);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void run() {
    Duration checkInterval =
        shorter(shorter(keepAliveInterval, timeouts.login().dividedBy(4)), Duration.ofSeconds(5));
    try {
      while (!closed.await(Math.max(20, checkInterval.toMillis()), TimeUnit.MILLISECONDS)) {
        limiter.connections().forEach(this::checkSafely);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // An error on one connection must not end the checks of all others.
  private void checkSafely(Session session, ConnectionActivity activity) {
    try {
      check(session, activity);
    } catch (RuntimeException e) {
      LOG.error("checking an SSH connection failed", e);
      close(session, activity, e.toString());
    }
  }

  private void check(Session session, ConnectionActivity activity) {
    if (!session.isAuthenticated()) {
      if (activity.isOlderThan(timeouts.login())) {
        close(session, activity, "no login within " + timeouts.login());
      }
    } else if (activity.openChannels() == 0) {
      if (activity.isSilentFor(timeouts.idle()))
        close(session, activity, "idle for " + timeouts.idle());
    } else if (activity.hasUnusedChannelFor(timeouts.login())) {
      // Each channel holds memory, and git sends its request at once.
      close(session, activity, "no request on an open channel within " + timeouts.login());
    } else if (activity.isBlockedFor(timeouts.client())) {
      close(session, activity, "it read nothing for " + timeouts.client());
    } else {
      checkAlive(session, activity);
    }
  }

  private void checkAlive(Session session, ConnectionActivity activity) {
    try {
      if (session instanceof GitSession git && activity.areKeysOlderThan(KEY_LIFETIME)) {
        git.renewKeys();
      }
      if (activity.awaitsReply()) {
        // After a pause of the whole process the client still has time for its reply.
        Duration replyTime = timeouts.stall().minus(keepAliveInterval);
        if (activity.isSilentFor(timeouts.stall()) && activity.lacksReplyFor(replyTime)) {
          close(session, activity, "no reply to a keep-alive for " + timeouts.stall());
        }
      } else if (activity.isSilentFor(keepAliveInterval)) {
        sendKeepAlive(session, activity);
      }
    } catch (IOException e) {
      close(session, activity, String.valueOf(e.getMessage()));
    }
  }

  private static void sendKeepAlive(Session session, ConnectionActivity activity)
      throws IOException {
    activity.keepAliveSent();
    Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
    request.putString(KEEP_ALIVE);
    request.putBoolean(true);
    session.request(request, KEEP_ALIVE, (code, reply) -> activity.replyReceived());
  }

  private static void close(Session session, ConnectionActivity activity, String reason) {
    activity.recordCloseReason(reason);
    LOG.debug("{}: closing the connection: {}", session.getIoSession().getRemoteAddress(), reason);
    session.close(true);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
