package packhorse.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.threads.SshThreadPoolExecutor;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;

/// Sets up the library's server so that it knows public keys, execs, a greeting, and nothing else.
final class Servers {
  private static final long WINDOW = 2 * 1024 * 1024;
  private static final int MOST_KEYS_OFFERED = 50;

  private Servers() {}

  static GitServer server(
      SshSettings.Listener listener, SshSettings.Patience patience, KeyLogin login, Execs execs) {
    HostKeyRotation rotation = new HostKeyRotation(listener.hostKeys());
    GitServer server =
        (GitServer)
            Algorithms.builder()
                .factory(GitServer::new)
                .forwardingFilter(RejectAllForwardingFilter.INSTANCE)
                .globalRequestHandlers(
                    List.of(
                        KeepAliveHandler.INSTANCE,
                        NoMoreSessionsHandler.INSTANCE,
                        rotation,
                        (service, name, reply, buffer) -> RequestHandler.Result.ReplyFailure))
                .channelFactories(List.of(channels(patience, execs, rotation)))
                .channelStreamPacketWriterResolver(
                    (channel, command) -> new BoundedWriter(channel, patience.client()))
                .build();
    server.setHost(listener.address().getAddress().getHostAddress());
    server.setPort(listener.address().getPort());
    server.setIoServiceFactoryFactory(virtualThreads());
    server.setKeyPairProvider(listener.hostKeys().provider());
    server.setPublickeyAuthenticator(login);
    server.setKeyboardInteractiveAuthenticator(null);
    server.setPasswordAuthenticator(null);
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setSubsystemFactories(List.of());
    waits(server, patience);
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    CoreModuleProperties.SOCKET_KEEPALIVE.set(server, true);
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, MOST_KEYS_OFFERED);
    CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW);
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Packhorse");
    return server;
  }

  private static void waits(GitServer server, SshSettings.Patience patience) {
    CoreModuleProperties.AUTH_TIMEOUT.set(server, patience.login());
    CoreModuleProperties.IDLE_TIMEOUT.set(server, patience.idle());
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, Duration.ZERO);
    CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(server, patience.stall());
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(server, patience.client());
  }

  // whatever runs there may block: a look-up of a key does
  private static IoServiceFactoryFactory virtualThreads() {
    return new Nio2ServiceFactoryFactory(() ->
        new SshThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofVirtual().name("ssh-io-", 0).factory()));
  }

  private static ChannelFactory channels(
      SshSettings.Patience patience, Execs execs, HostKeyRotation rotation) {
    return new ChannelFactory() {
      @Override
      public String getName() {
        return "session";
      }

      @Override
      public Channel createChannel(Session session) throws IOException {
        Pulse pulse = Objects.requireNonNull(session.getAttribute(Pulse.OF_SESSION));
        if (pulse.first()) rotation.announce(session);
        return new GitChannel(execs, pulse, new InputRing(patience.client()));
      }
    };
  }
}
