package packhorse.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// The configuration of the SSH front. Created by `Assembly`; immutable.
///
/// @param maxConnections how many connections may be open at the same time, over all listeners of
///   this front together; the HTTP front counts its own
public record SshSettings(List<Listener> listeners, ClientTimeouts timeouts, int maxConnections) {
  public SshSettings {
    listeners = List.copyOf(listeners);
  }

  /// An address on which the front accepts connections.
  ///
  /// @param name the name of the listener in the configuration; requests carry it
  /// @param address the address to listen on; its port is 0 for any free port, which
  ///   [SshFront#addresses] then returns
  /// @param admits whether connections from an address are accepted; others are closed before
  ///   anything is sent
  public record Listener(
      String name, InetSocketAddress address, HostKeys hostKeys, Predicate<InetAddress> admits) {}

  /// How long the front waits for clients before it closes their connections.
  ///
  /// @param login how long a client may take to authenticate, from the start of the connection
  /// @param idle how long a connection may be open without an exec
  /// @param client how long a client that replies to keep-alives may neither send nor read, as
  ///   while it runs a hook or creates a pack
  /// @param stall how long a client may take to reply to a keep-alive, or to receive bytes that
  ///   were written to its socket
  public record ClientTimeouts(Duration login, Duration idle, Duration client, Duration stall) {
    /// Returns the defaults of the configuration.
    public static ClientTimeouts defaults() {
      return new ClientTimeouts(
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofMinutes(2));
    }
  }
}
