package packhorse.control;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Talks to a running proxy through its control socket. Called by the command line.
public final class ControlClient {
  private ControlClient() {}

  /// What the proxy says to a command.
  ///
  /// @throws IOException when no proxy listens there
  public static String ask(Path socket, String command) throws IOException {
    try (SocketChannel proxy = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      proxy.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer line = StandardCharsets.UTF_8.encode(command + "\n");
      while (line.hasRemaining()) proxy.write(line);
      var text = new StringWriter();
      Reader in = Channels.newReader(proxy, StandardCharsets.UTF_8);
      in.transferTo(text);
      return text.toString();
    }
  }

  /// Whether a proxy listens there.
  static boolean answers(Path socket) throws IOException {
    try (SocketChannel proxy = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return proxy.connect(UnixDomainSocketAddress.of(socket));
    } catch (ConnectException nobody) {
      return false;
    }
  }
}
