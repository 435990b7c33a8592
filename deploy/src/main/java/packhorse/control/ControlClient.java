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

/// Sends commands to a running proxy through its control socket ([ControlSocket]). Called by the
/// command line. Waits for the response without a time limit.
public final class ControlClient {
  private ControlClient() {}

  /// Sends a command and returns the proxy's response (see [ControlCommands#execute]).
  ///
  /// @param command one line without its newline: `explain ID` or `status`
  /// @throws IOException when no proxy listens on the socket, or the connection breaks
  public static String send(Path socket, String command) throws IOException {
    try (SocketChannel proxy = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      proxy.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer line = StandardCharsets.UTF_8.encode(command + "\n");
      while (line.hasRemaining()) proxy.write(line);
      var response = new StringWriter();
      Reader in = Channels.newReader(proxy, StandardCharsets.UTF_8);
      in.transferTo(response);
      return response.toString();
    }
  }

  /// Whether a proxy listens on the socket.
  ///
  /// @throws IOException when the connection fails for a reason other than that nothing listens,
  ///   for example because the file does not exist or this user may not open it
  static boolean isListening(Path socket) throws IOException {
    try (SocketChannel proxy = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return proxy.connect(UnixDomainSocketAddress.of(socket));
    } catch (ConnectException refused) {
      return false;
    }
  }
}
