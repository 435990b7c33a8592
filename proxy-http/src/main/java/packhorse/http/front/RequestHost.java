package packhorse.http.front;

import java.util.Locale;
import org.eclipse.jetty.http.HttpURI;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Reads the host name that a client used for the proxy (`Host` or `:authority`), in a canonical
/// spelling. Stateless.
final class RequestHost {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private RequestHost() {}

  /// The host in lower case, without a dot at the end and without the scheme's default port.
  ///
  /// @throws RefusalException if there is none, or it has more than a name and a port
  static String read(HttpURI uri, boolean encrypted) throws RefusalException {
    String host = uri.getHost();
    if (host == null || host.isBlank() || uri.getUser() != null) {
      throw new RefusalException(Refusal.malformed("the Host header is malformed"));
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) name = name.substring(0, name.length() - 1);
    int port = uri.getPort();
    boolean isDefault = port <= 0 || port == (encrypted ? HTTPS_PORT : HTTP_PORT);
    return isDefault ? name : name + ":" + port;
  }
}
