package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.SessionHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Key exchanges that the client and the proxy begin at the same moment.
@Timeout(60)
final class KeyExchangeTest {
  @TempDir private Path folder;
  private final CountDownLatch keyExchanges = new CountDownLatch(1);

  @Test
  void a_key_exchange_that_both_sides_begin_succeeds() throws Exception {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults());
        var client = SshClient.setUpDefaultClient()) {
      GitSshServer server = server(proxy);
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.start();
      try (ClientSession connection = connect(client, server.listen())) {
        GitSession session = (GitSession) server.getActiveSessions().getFirst();
        server.addSessionListener(new Collision(Thread.currentThread(), session, connection));
        forgetProposal(session);
        while (!session.renewKeys()) Thread.onSpinWait();
        assertThat(keyExchanges.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(session.isOpen()).isTrue();
      } finally {
        server.stopListening();
        server.closeConnections();
      }
    }
  }

  private GitSshServer server(SshTestProxy proxy) {
    var listener =
        new SshSettings.Listener(
            "second",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            proxy.hostKeys,
            from -> true);
    GitSshServer server =
        GitSshServer.create(
            listener,
            SshSettings.ClientTimeouts.defaults(),
            new UserKeyAuthenticator("second", proxy.pipeline, proxy.arrivals),
            new ExecFactory("second", proxy.pipeline, proxy.arrivals, new ActiveExecs()),
            proxy.memory);
    server.addSessionListener(
        new ConnectionLimiter(100, System::nanoTime, proxy.memory.connections()));
    return server;
  }

  private ClientSession connect(SshClient client, InetSocketAddress address) throws IOException {
    Duration timeout = Duration.ofSeconds(10);
    ClientSession connection = client.connect("git", address).verify(timeout).getSession();
    new FileKeyPairProvider(folder.resolve("alice"))
        .loadKeys(connection)
        .forEach(connection::addPublicKeyIdentity);
    connection.auth().verify(timeout);
    return connection;
  }

  // The library then creates its proposal anew, and a listener hears of it.
  private static void forgetProposal(AbstractSession session) throws ReflectiveOperationException {
    Field proposal = SessionHelper.class.getDeclaredField("initialKexProposal");
    proposal.setAccessible(true);
    proposal.set(session, null);
  }

  private static boolean await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5)) {
      LockSupport.parkNanos(1_000_000);
    }
    return condition.getAsBoolean();
  }

  /// Holds up the thread that begins the proxy's exchange at the two moments that matter.
  private final class Collision implements SessionListener {
    // the thread that begins the proxy's exchange
    private final Thread initiator;
    private final AbstractSession session;
    private final ClientSession client;

    Collision(Thread initiator, AbstractSession session, ClientSession client) {
      this.initiator = initiator;
      this.session = session;
      this.client = client;
    }

    // Before the proxy's message is sent: the client's own comes first.
    @Override
    public void sessionNegotiationOptionsCreated(
        Session any, Map<KexProposalOption, String> proposal) {
      if (Thread.currentThread() != initiator) return;
      try {
        client.reExchangeKeys();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      assertThat(await(this::clientMessageHasArrived)).isTrue();
    }

    // While the exchange is prepared: the client's next message arrives.
    @Override
    public void sessionNegotiationEnd(
        Session any,
        Map<KexProposalOption, String> fromClient,
        Map<KexProposalOption, String> fromServer,
        Map<KexProposalOption, String> negotiated,
        Throwable reason) {
      if (Thread.currentThread() == initiator) await(() -> !session.isOpen());
    }

    @Override
    public void sessionEvent(Session any, Event event) {
      if (event == Event.KeyEstablished) keyExchanges.countDown();
    }

    private boolean clientMessageHasArrived() {
      return field("decodeLock", ReentrantLock.class).hasQueuedThreads()
          || field("kexState", AtomicReference.class).get() == KexState.RUN;
    }

    private <T> T field(String name, Class<T> type) {
      try {
        Field field = AbstractSession.class.getDeclaredField(name);
        field.setAccessible(true);
        return type.cast(field.get(session));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(name, e);
      }
    }
  }
}
