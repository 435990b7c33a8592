package packhorse.http.front;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Redirects clients of an unencrypted listener to the HTTPS URL of their site. Stateless.
final class HttpsRedirect {
  private HttpsRedirect() {}

  /// A refusal that redirects the client; another refusal if the host is no site.
  ///
  /// @param httpsUrl the HTTPS URL of a site by its host name without port; empty if there is no
  ///   such site
  static Refusal refusal(Request request, Function<String, Optional<URI>> httpsUrl) {
    try {
      String host = RequestHost.read(request, false);
      URI site =
          httpsUrl
              .apply(withoutPort(host))
              .orElseThrow(() -> new RefusalException(Refusal.noSuchSite(host)));
      return Refusal.moved(site.getScheme() + "://" + site.getRawAuthority());
    } catch (RefusalException e) {
      return e.refusal();
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
  }
}
