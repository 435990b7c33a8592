package packhorse.ssh.accept;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Set;
import java.util.concurrent.Future;
import packhorse.request.AcceptFailures;

/// A server channel that reports a failed accept only after a pause. MINA SSHD tries again as soon
/// as it hears of the failure, and would otherwise occupy a processor while the process has no
/// descriptor left. Called on any thread.
final class PausingServerChannel extends AsynchronousServerSocketChannel {
  private final AsynchronousServerSocketChannel channel;
  private final AcceptFailures failures;

  PausingServerChannel(AsynchronousServerSocketChannel channel, AcceptFailures failures) {
    super(channel.provider());
    this.channel = channel;
    this.failures = failures;
  }

  @Override
  public <A> void accept(
      A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
    channel.accept(
        attachment,
        new CompletionHandler<AsynchronousSocketChannel, A>() {
          @Override
          public void completed(AsynchronousSocketChannel accepted, A attached) {
            handler.completed(accepted, attached);
          }

          @Override
          public void failed(Throwable failure, A attached) {
            if (isOpen()) failures.pauseAfter(failure);
            handler.failed(failure, attached);
          }
        });
  }

  @Override
  public Future<AsynchronousSocketChannel> accept() {
    return channel.accept();
  }

  @Override
  public AsynchronousServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
    channel.bind(local, backlog);
    return this;
  }

  @Override
  public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value)
      throws IOException {
    channel.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return channel.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return channel.supportedOptions();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    return channel.getLocalAddress();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    failures.close();
    channel.close();
  }
}
