package packhorse.request;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/// A listener's address cannot be had: it is taken, not ours to take, or not of this machine.
/// Thrown by the fronts while the proxy starts; the message is one line for the operator, which
/// names the listener as the configuration does.
public final class CannotListen extends IOException {
  private static final long serialVersionUID = 1;

  /// @param listener its name
  /// @param address that was asked for
  /// @param cause what the system said, itself or wrapped
  public CannotListen(String listener, InetSocketAddress address, IOException cause) {
    super(
        "listeners." + listener + ": cannot listen on " + written(address) + ": " + why(cause),
        cause);
  }

  private static String written(InetSocketAddress address) {
    String name =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + address.getPort();
  }

  /// What the system said, without what libraries put around it.
  private static String why(IOException cause) {
    if (cause instanceof UnknownHostException) return "this name has no address";
    String said =
        Stream.iterate((Throwable) cause, Objects::nonNull, Throwable::getCause)
            .filter(SocketException.class::isInstance)
            .reduce((outer, inner) -> inner)
            .orElse(cause)
            .getMessage();
    String words = String.valueOf(said);
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }
}
