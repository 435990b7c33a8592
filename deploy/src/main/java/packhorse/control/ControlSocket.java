package packhorse.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.file.FileProblem;
import packhorse.request.AcceptFailures;

/// The Unix socket on which a running proxy takes commands of its operator. For each connection it
/// reads one line, writes the response as text, and closes the connection. Every process that can
/// open the socket can use every command, so its mode is 0600. Opened and closed by `Assembly`;
/// each command runs on a virtual thread of its own.
public final class ControlSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);
  private static final int BUFFER_SIZE = 4096;

  private final Path path;
  private final ServerSocketChannel server;
  private final UnaryOperator<String> commands;
  private final AcceptFailures failures = new AcceptFailures("control");
  private final Thread acceptor;

  private ControlSocket(Path path, ServerSocketChannel server, UnaryOperator<String> commands) {
    this.path = path;
    this.server = server;
    this.commands = commands;
    this.acceptor = Thread.ofVirtual().name("control").unstarted(this::acceptAll);
  }

  /// Listens on a path. A socket that a dead proxy has left there is replaced.
  ///
  /// @param commands executes a command line and returns the response
  /// @throws IOException when the path cannot be bound, is a file other than a socket, or another
  ///   proxy listens there
  public static ControlSocket open(Path path, UnaryOperator<String> commands) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!isSocket(path))
        throw new IOException("control: " + path + " exists and is not a socket");
      if (ControlClient.isListening(path))
        throw new IOException("control: another proxy is listening on " + path);
      deleteStale(path);
    }
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      server.close();
      throw FileProblem.at("control", path, "created", e);
    }
    var socket = new ControlSocket(path, server, commands);
    socket.acceptor.start();
    return socket;
  }

  private static void deleteStale(Path path) throws IOException {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw FileProblem.at("control", path, "replaced", e);
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        Thread.ofVirtual().name("control-command").start(() -> respond(client));
      } catch (AsynchronousCloseException closed) {
        return;
      } catch (IOException e) {
        failures.pauseAfter(e);
      }
    }
  }

  private void respond(SocketChannel client) {
    try (client) {
      var in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8), BUFFER_SIZE);
      String line = in.readLine();
      if (line == null) return;
      ByteBuffer response = StandardCharsets.UTF_8.encode(commands.apply(line));
      while (response.hasRemaining()) client.write(response);
    } catch (ClosedChannelException closed) {
      log.atDebug().log("the client of the control socket disconnected");
    } catch (IOException e) {
      log.atDebug().setCause(e).log("could not respond to a command");
    }
  }

  @Override
  public void close() throws IOException {
    failures.close();
    server.close();
    Files.deleteIfExists(path);
  }
}
