package packhorse.ssh.accept;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/// A server channel that accepts no connection.
final class FailingChannel extends AsynchronousServerSocketChannel {
  private final AsynchronousServerSocketChannel channel;
  private final IOException failure;

  FailingChannel(AsynchronousServerSocketChannel channel, IOException failure) {
    super(channel.provider());
    this.channel = channel;
    this.failure = failure;
  }

  @Override
  public <A> void accept(
      A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
    handler.failed(failure, attachment);
  }

  @Override
  public Future<AsynchronousSocketChannel> accept() {
    return CompletableFuture.failedFuture(failure);
  }

  @Override
  public AsynchronousServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
    return channel.bind(local, backlog);
  }

  @Override
  public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value)
      throws IOException {
    return channel.setOption(name, value);
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
    channel.close();
  }
}
