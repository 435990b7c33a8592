package packhorse.request;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/// Thrown by a front, while the proxy starts, when it cannot bind the address of a listener: the
/// address is in use, needs privileges, or does not belong to this machine. The message is one line
/// for the operator and names the listener by its configuration key.
public final class BindFailedException extends IOException {
  private static final long serialVersionUID = 1;

  /// @param listener the name of the listener in the configuration
  /// @param address the address that could not be bound
  /// @param cause the error of the operating system, or an exception that wraps it
  public BindFailedException(String listener, InetSocketAddress address, IOException cause) {
    super(
        "listeners." + listener + ": cannot listen on " + format(address) + ": " + reason(cause),
        cause);
  }

  private static String format(InetSocketAddress address) {
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /// Returns the message of the operating system, from the innermost of the exceptions that Java
  /// and the libraries wrap around it.
  private static String reason(IOException cause) {
    if (cause instanceof UnknownHostException) return "this name has no address";
    Throwable innermost =
        Stream.iterate((Throwable) cause, Objects::nonNull, Throwable::getCause)
            .filter(SocketException.class::isInstance)
            .reduce((outer, inner) -> inner)
            .orElse(cause);
    String message = String.valueOf(innermost.getMessage());
    return message.isEmpty()
        ? message
        : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }
}
