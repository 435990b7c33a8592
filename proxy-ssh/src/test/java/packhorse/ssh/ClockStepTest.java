package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.SessionHelper;
import org.apache.sshd.common.session.helpers.TimeoutIndicator;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import packhorse.memory.ConnectionBudget;

/// Steps of the wall clock. The tests do not change it: they move back the instants that MINA SSHD
/// has recorded, which is the same to it.
@Timeout(60)
final class ClockStepTest {
  private static final SshSettings.ClientTimeouts TIMEOUTS =
      new SshSettings.ClientTimeouts(
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofSeconds(20));

  @TempDir private Path folder;
  private final AtomicLong ahead = new AtomicLong();
  private final ConnectionLimiter limiter =
      new ConnectionLimiter(
          100, () -> System.nanoTime() + ahead.get(), new ConnectionBudget(1L << 30));
  private final CountDownLatch keyExchanges = new CountDownLatch(2);
  private SshTestProxy proxy;
  private GitSshServer server;
  private int port;

  @BeforeEach
  void startServer() throws IOException {
    proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults());
    proxy.repository("app", 2);
    var listener =
        new SshSettings.Listener(
            "second",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            proxy.hostKeys,
            from -> true);
    server =
        GitSshServer.create(
            listener,
            TIMEOUTS,
            new UserKeyAuthenticator("second", proxy.pipeline, proxy.arrivals),
            new ExecFactory("second", proxy.pipeline, proxy.arrivals, new ActiveExecs()),
            proxy.memory);
    server.addSessionListener(limiter);
    server.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionEvent(Session session, Event event) {
            if (event == Event.KeyEstablished) keyExchanges.countDown();
          }
        });
    port = server.listen().getPort();
  }

  @AfterEach
  void stopServer() {
    server.stopListening();
    server.closeConnections();
    proxy.close();
  }

  @Test
  void a_step_of_the_wall_clock_ends_no_transfer() throws Exception {
    Process client = startFetch();
    AbstractSession session = server.getActiveSessions().getFirst();
    Instant earlier = Instant.now().minus(Duration.ofDays(1));
    field("authStart").set(session, earlier);
    field("idleStart").set(session, earlier);
    lastKeyTime(session).set(earlier);
    var check = SessionHelper.class.getDeclaredMethod("checkForTimeouts");
    check.setAccessible(true);
    assertThat(check.invoke(session)).isSameAs(TimeoutIndicator.NONE);
    var rekey = AbstractSession.class.getDeclaredMethod("isRekeyRequired");
    rekey.setAccessible(true);
    assertThat(rekey.invoke(session)).isEqualTo(false);
    assertThat(CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.getRequired(session))
        .isGreaterThan(Duration.ofDays(10_000));
    endFetch(client);
  }

  @Test
  void keys_are_renewed_after_an_hour_of_the_monotonic_clock() throws Exception {
    try (var monitor = new ConnectionMonitor(limiter, TIMEOUTS)) {
      assertThat(monitor).isNotNull();
      Process client = startFetch();
      ahead.set(Duration.ofMinutes(61).toNanos());
      assertThat(keyExchanges.await(20, TimeUnit.SECONDS)).isTrue();
      endFetch(client);
    }
  }

  private Process startFetch() throws IOException {
    var line = proxy.ssh("alice", "-o", "Port=" + port);
    line.add("127.0.0.1");
    line.add("git-upload-pack 'app'");
    Process client = proxy.command().builder(line.toArray(String[]::new)).start();
    assertThat(client.getInputStream().read()).isEqualTo('0');
    return client;
  }

  private static void endFetch(Process client) throws Exception {
    try (var toProxy = client.getOutputStream()) {
      toProxy.write("0000".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(client.exitValue()).isZero();
  }

  private static Field field(String name) throws ReflectiveOperationException {
    Field field = SessionHelper.class.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  @SuppressWarnings("unchecked")
  private static AtomicReference<Instant> lastKeyTime(AbstractSession session)
      throws ReflectiveOperationException {
    Field field = AbstractSession.class.getDeclaredField("lastKeyTimeValue");
    field.setAccessible(true);
    return (AtomicReference<Instant>) field.get(session);
  }
}
