package packhorse.http;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpURI;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Sends clients of an unencrypted listener to where the site is encrypted. Pure.
final class Redirect {
  private Redirect() {}

  /// Where the site is; another refusal when the client called a name that is no site.
  static Refusal of(HttpURI asked, Function<String, Optional<URI>> encrypted) {
    try {
      String name = CalledAs.read(asked, false);
      URI site =
          encrypted
              .apply(withoutPort(name))
              .orElseThrow(() -> new Refused(Refusal.noSuchSite(name)));
      return Refusal.moved(site.getScheme() + "://" + site.getRawAuthority());
    } catch (Refused refused) {
      return refused.refusal();
    }
  }

  private static String withoutPort(String name) {
    int colon = name.lastIndexOf(':');
    return colon < 0 || name.endsWith("]") ? name : name.substring(0, colon);
  }
}
