package packhorse.http;

import java.util.Locale;
import org.eclipse.jetty.http.HttpURI;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// The name that a client called us by (Host, or :authority), in one spelling. Pure.
final class CalledAs {
  private CalledAs() {}

  /// Lower case, without a dot at the end and without the scheme's own port.
  ///
  /// @throws Refused when there is none, or it holds more than a name and a port
  static String read(HttpURI uri, boolean encrypted) throws Refused {
    String host = uri.getHost();
    if (host == null || host.isBlank() || uri.getUser() != null) {
      throw new Refused(Refusal.malformed("the Host header is malformed"));
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) name = name.substring(0, name.length() - 1);
    int port = uri.getPort();
    boolean usual = port <= 0 || port == (encrypted ? 443 : 80);
    return usual ? name : name + ":" + port;
  }
}
