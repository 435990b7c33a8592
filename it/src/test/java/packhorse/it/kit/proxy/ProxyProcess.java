package packhorse.it.kit.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.process.PortAllocator;
import packhorse.it.kit.process.RunningCommand;

/// `packhorse serve` of the built distribution, in its own process, with an HTTP, an SSH and a
/// status listener. Closing it kills the process. For one thread.
public final class ProxyProcess implements AutoCloseable {
  private static final Path EXECUTABLE =
      Path.of("../deploy/target/packhorse/bin/packhorse").toAbsolutePath().normalize();

  private final ProxyConfig config;
  private final int sshPort = PortAllocator.allocate();
  private final int statusPort = PortAllocator.allocate();
  private final Path configFile;
  private @Nullable RunningCommand process;

  /// @param config the configuration; this constructor replaces its listeners
  public ProxyProcess(ProxyConfig config) {
    this.config = config;
    config.listeners(
        """
          http: { address: "127.0.0.1:%d" }
          ssh: { address: "127.0.0.1:%d", host-keys: host-keys/ }
          status: { address: "127.0.0.1:%d" }
        """
            .formatted(config.httpPort(), sshPort, statusPort));
    this.configFile = config.write();
  }

  /// Returns the command that runs `packhorse` with these arguments in this folder.
  public static Command packhorse(Path folder, String... arguments) {
    String[] argv = new String[arguments.length + 1];
    argv[0] = EXECUTABLE.toString();
    System.arraycopy(arguments, 0, argv, 1, arguments.length);
    return Command.of(folder, argv);
  }

  /// Returns the command that starts the proxy.
  public Command serveCommand() {
    return packhorse(config.folder(), "serve", configFile.toString())
        .timeout(Duration.ofMinutes(10));
  }

  /// Starts a command and waits until the proxy accepts requests.
  ///
  /// @throws AssertionError if the process ends before
  public RunningCommand start(Command command) {
    RunningCommand running = startWithoutWaiting(command);
    Await.until(
        "the proxy accepts requests",
        Duration.ofSeconds(30),
        () -> acceptsControlCommands() || !running.isAlive());
    if (!running.isAlive()) throw new AssertionError(running.errorsSoFar());
    return running;
  }

  /// Starts [#serveCommand()] and waits until the proxy accepts requests. The JVM does not use the
  /// C2 compiler, which would take most of the processor time of such a short run.
  public RunningCommand start() {
    return start(serveCommand().env("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"));
  }

  /// Starts a command and does not wait.
  public RunningCommand startWithoutWaiting(Command command) {
    if (process != null) process.close();
    RunningCommand running = command.start();
    process = running;
    return running;
  }

  /// Returns the configuration file.
  public Path configFile() {
    return configFile;
  }

  /// Returns the path of the control socket.
  public Path controlSocket() {
    return config.folder().resolve("control.sock");
  }

  /// Returns the port of a listener.
  public int port(String listener) {
    return switch (listener) {
      case "http" -> config.httpPort();
      case "ssh" -> sshPort;
      case "status" -> statusPort;
      default -> throw new IllegalArgumentException(listener);
    };
  }

  /// Returns the URL of a repository over HTTP.
  public String httpUrl(String name) {
    return "http://127.0.0.1:" + config.httpPort() + "/" + name + ".git";
  }

  /// Returns the URL of a repository over SSH.
  public String sshUrl(String name) {
    return "ssh://git@127.0.0.1:" + sshPort + "/" + name + ".git";
  }

  /// Returns whether a port of this machine accepts connections.
  public static boolean isListening(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /// Returns whether the control socket accepts connections. It is opened last.
  private boolean acceptsControlCommands() {
    try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return socket.connect(UnixDomainSocketAddress.of(controlSocket()));
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    if (process != null) process.close();
  }
}
