package packhorse.ssh.accept;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2Acceptor;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.common.util.threads.ThreadUtils;
import packhorse.request.AcceptFailures;

/// Makes the acceptor of an SSH server of MINA SSHD whose failures to accept a connection are
/// followed by a pause, see [PausingServerChannel]. Used by `GitSshServer`.
public final class PausingServices extends Nio2ServiceFactoryFactory {
  private final AcceptFailures failures;

  /// @param executors makes the executors on which the handlers of the library run
  /// @param failures handles the failures of the server's listener
  public PausingServices(Factory<CloseableExecutorService> executors, AcceptFailures failures) {
    super(executors);
    this.failures = failures;
  }

  @Override
  public IoServiceFactory create(FactoryManager manager) {
    var services = new Services(manager, newExecutor(), newExecutor(), failures);
    services.setIoServiceEventListener(manager.getIoServiceEventListener());
    return services;
  }

  private static final class Services extends Nio2ServiceFactory {
    private final AcceptFailures failures;
    // The library keeps its own group to itself. That one has no channel and only a thread.
    private final AsynchronousChannelGroup channels;

    Services(
        FactoryManager manager,
        CloseableExecutorService executor,
        CloseableExecutorService resuming,
        AcceptFailures failures) {
      super(manager, executor, resuming);
      this.failures = failures;
      try {
        channels = AsynchronousChannelGroup.withThreadPool(ThreadUtils.noClose(executor));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public IoAcceptor createAcceptor(IoHandler handler) {
      return autowireCreatedService(new Acceptor(this, handler));
    }

    @Override
    protected void doCloseImmediately() {
      try {
        channels.shutdownNow();
      } catch (IOException e) {
        log.debug("could not close the channels of the acceptor", e);
      }
      super.doCloseImmediately();
    }
  }

  private static final class Acceptor extends Nio2Acceptor {
    private final AcceptFailures failures;

    Acceptor(Services services, IoHandler handler) {
      super(
          services,
          services.getFactoryManager(),
          handler,
          services.channels,
          services.getExecutorService());
      this.failures = services.failures;
    }

    @Override
    protected AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(
        SocketAddress address, AsynchronousChannelGroup group) throws IOException {
      return new PausingServerChannel(
          super.openAsynchronousServerSocketChannel(address, group), failures);
    }
  }
}
