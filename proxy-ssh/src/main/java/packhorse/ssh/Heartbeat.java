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

/// Tells clients that are busy from clients that are dead: whoever has an exec running is asked now
/// and then, and cut when there is no answer (git says nothing at all while a hook runs or a pack
/// is made). Also ends connections that do not log in in time. One virtual thread for a front.
final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final String QUESTION = "keepalive@openssh.com";

  private final Connections connections;
  private final SshSettings.Patience patience;
  private final Duration between;
  private final CountDownLatch stopped = new CountDownLatch(1);

  Heartbeat(Connections connections, SshSettings.Patience patience) {
    this.connections = connections;
    this.patience = patience;
    Duration shorter = shorter(patience.idle(), patience.stall());
    this.between = shorter.dividedBy(4);
    Thread.ofVirtual().name("ssh-heartbeat").start(this::beat);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void beat() {
    Duration tick = shorter(shorter(between, patience.login().dividedBy(4)), Duration.ofSeconds(5));
    try {
      while (!stopped.await(Math.max(20, tick.toMillis()), TimeUnit.MILLISECONDS)) {
        connections.now().forEach(this::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Session session, Pulse pulse) {
    if (!session.isAuthenticated()) {
      if (pulse.olderThan(patience.login())) session.close(true);
    } else if (pulse.channels() > 0) {
      ask(session, pulse);
    }
  }

  private void ask(Session session, Pulse pulse) {
    if (pulse.asked()) {
      if (!pulse.silentFor(patience.stall())) return;
      LOG.debug(
          "{}: no answer for {}", session.getIoSession().getRemoteAddress(), patience.stall());
      session.close(true);
    } else if (pulse.silentFor(between)) {
      pulse.ask();
      try {
        Buffer question = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
        question.putString(QUESTION);
        question.putBoolean(true);
        session.request(question, QUESTION, (code, answer) -> pulse.answered());
      } catch (IOException e) {
        LOG.debug("{}: cannot be asked", session.getIoSession().getRemoteAddress(), e);
        session.close(true);
      }
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
