package packhorse.http.front;

import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Reads the host name that a client used for the proxy (`Host` or `:authority`), in a canonical
/// spelling. Stateless.
final class RequestHost {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(:[1-9][0-9]{0,4})?");

  private RequestHost() {}

  /// The host in lower case, without a dot at the end and without the scheme's default port.
  ///
  /// @throws RefusalException if there is none, or it has more than a name and a port, or its port
  ///   is not written as a number without a sign and without leading zeros
  static String read(Request request, boolean encrypted) throws RefusalException {
    checkPort(request);
    HttpURI uri = request.getHttpURI();
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

  // Jetty also accepts other port spellings, from which another program could read another host.
  private static void checkPort(Request request) throws RefusalException {
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (host != null && !HOST_AND_PORT.matcher(host).matches()) {
      throw new RefusalException(Refusal.malformed("the port in the Host header is malformed"));
    }
  }
}
