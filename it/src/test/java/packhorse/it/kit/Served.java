package packhorse.it.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `packhorse serve` of the built distribution, in a process of its own, with an HTTP, an SSH and a
/// status listener. Closing it kills the process. For one thread.
public final class Served implements AutoCloseable {
  private static final Path PROGRAM =
      Path.of("../deploy/target/packhorse/bin/packhorse").toAbsolutePath().normalize();

  private final ProxyText text;
  private final int ssh = Ports.free();
  private final int status = Ports.free();
  private final Path file;
  private @Nullable Started process;

  /// @param text what to serve, without its listeners, which are made here
  public Served(ProxyText text) {
    this.text = text;
    text.listeners(
        """
          http: { address: "127.0.0.1:%d" }
          ssh: { address: "127.0.0.1:%d", host-keys: host-keys/ }
          status: { address: "127.0.0.1:%d" }
        """
            .formatted(text.httpPort(), ssh, status));
    this.file = text.write();
  }

  /// The program with these arguments, in that folder.
  public static Command program(Path folder, String... arguments) {
    String[] argv = new String[arguments.length + 1];
    argv[0] = PROGRAM.toString();
    System.arraycopy(arguments, 0, argv, 1, arguments.length);
    return Command.of(folder, argv);
  }

  /// The command that serves.
  public Command command() {
    return program(text.folder(), "serve", file.toString()).limit(Duration.ofMinutes(10));
  }

  /// Starts the command and waits until it serves.
  public Started start(Command command) {
    Started started = begin(command);
    Await.until("the proxy serves", Duration.ofSeconds(30), () -> serves() || !started.alive());
    if (!started.alive()) throw new AssertionError(started.errorsSoFar());
    return started;
  }

  /// The same, of the plain command.
  public Started start() {
    return start(command());
  }

  /// Starts the command and waits for nothing.
  public Started begin(Command command) {
    if (process != null) process.close();
    Started started = command.start();
    process = started;
    return started;
  }

  /// The configuration.
  public Path file() {
    return file;
  }

  /// The control socket.
  public Path control() {
    return text.folder().resolve("control.sock");
  }

  /// The port of a listener.
  public int port(String listener) {
    return switch (listener) {
      case "http" -> text.httpPort();
      case "ssh" -> ssh;
      case "status" -> status;
      default -> throw new IllegalArgumentException(listener);
    };
  }

  /// The URL of a repository over HTTP.
  public String http(String name) {
    return "http://127.0.0.1:" + text.httpPort() + "/" + name + ".git";
  }

  /// The URL of a repository over SSH.
  public String ssh(String name) {
    return "ssh://git@127.0.0.1:" + ssh + "/" + name + ".git";
  }

  /// Whether somebody listens on that port of this machine.
  public static boolean listens(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }

  /// The control socket is the last to open.
  private boolean serves() {
    try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return socket.connect(UnixDomainSocketAddress.of(control()));
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    if (process != null) process.close();
  }
}
