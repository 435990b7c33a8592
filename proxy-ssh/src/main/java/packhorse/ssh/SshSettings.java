package packhorse.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/// What the configuration says about SSH. Made by the assembly; immutable.
///
/// @param connections how many there may be at a time, all listeners together
public record SshSettings(List<Listener> listeners, Patience patience, int connections) {
  public SshSettings {
    listeners = List.copyOf(listeners);
  }

  /// An address to listen on.
  ///
  /// @param name as configured; requests carry it
  /// @param address port 0: any free one, see {@link SshFront#addresses}
  /// @param admits whether connections from an address are taken; others are closed without a word
  public record Listener(
      String name, InetSocketAddress address, HostKeys hostKeys, Predicate<InetAddress> admits) {}

  /// How long we wait for clients.
  ///
  /// @param login from the connection to the login, all of it
  /// @param idle a connection without an exec
  /// @param client the next word of a client that is alive (it answers our keep-alives) but busy:
  ///   hooks, packing
  /// @param stall an answer to a keep-alive, or to bytes on the connection
  public record Patience(Duration login, Duration idle, Duration client, Duration stall) {
    /// The defaults of the configuration.
    public static Patience usual() {
      return new Patience(
          Duration.ofSeconds(20),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofMinutes(2));
    }
  }
}
