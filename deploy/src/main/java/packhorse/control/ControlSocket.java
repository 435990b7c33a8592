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

/// The socket of a running proxy for its operator's commands: one line in, text out, closed.
/// Whoever may open it may do all of it: its mode is 0600. Started by the assembly; each command
/// runs on a virtual thread.
public final class ControlSocket implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);
  private static final int LONGEST = 4096;

  private final Path path;
  private final ServerSocketChannel listening;
  private final UnaryOperator<String> commands;
  private final Thread accepting;

  private ControlSocket(Path path, ServerSocketChannel listening, UnaryOperator<String> commands) {
    this.path = path;
    this.listening = listening;
    this.commands = commands;
    this.accepting = Thread.ofVirtual().name("control").unstarted(this::accept);
  }

  /// Listens at the path. The socket of a proxy that is dead is replaced, that of a living one is
  /// not.
  ///
  /// @param commands answers a command line
  /// @throws IOException when the path cannot be bound, is something else than a socket, or another
  ///   proxy answers there
  public static ControlSocket open(Path path, UnaryOperator<String> commands) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!isSocket(path)) throw new IOException("control: " + path + " is there and no socket");
      if (ControlClient.answers(path))
        throw new IOException("control: another proxy answers at " + path);
      Files.delete(path);
    }
    var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listening.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      listening.close();
      throw new IOException("control: " + path + ": " + e.getMessage(), e);
    }
    var socket = new ControlSocket(path, listening, commands);
    socket.accepting.start();
    return socket;
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel client = listening.accept();
        Thread.ofVirtual().name("control-command").start(() -> answer(client));
      } catch (AsynchronousCloseException closed) {
        return;
      } catch (IOException e) {
        if (listening.isOpen()) log.atWarn().setCause(e).log("accepting at the control socket");
      }
    }
  }

  private void answer(SocketChannel client) {
    try (client) {
      var in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8), LONGEST);
      String line = in.readLine();
      if (line == null) return;
      ByteBuffer text = StandardCharsets.UTF_8.encode(commands.apply(line));
      while (text.hasRemaining()) client.write(text);
    } catch (ClosedChannelException closed) {
      log.atDebug().log("the command went away");
    } catch (IOException e) {
      log.atDebug().setCause(e).log("answering a command");
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    Files.deleteIfExists(path);
  }
}
