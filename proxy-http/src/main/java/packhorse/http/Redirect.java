package packhorse.http;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import packhorse.node.ClientGone;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Sends clients of an unencrypted listener to where the site is encrypted. A method that changes
/// something is repeated as it is there, or not at all (RFC 9110 §15.4.9).
final class Redirect {
  private Redirect() {}

  /// Answers with the same path and query under the site's own URL.
  ///
  /// @throws Refused when the client called a name that is no site
  static void answer(Request request, Response response, Function<String, Optional<URI>> encrypted)
      throws Refused, ClientGone {
    HttpURI asked = request.getHttpURI();
    String name = CalledAs.read(asked, false);
    URI site =
        encrypted.apply(withoutPort(name)).orElseThrow(() -> new Refused(Refusal.noSuchSite(name)));
    String method = request.getMethod();
    boolean reads = method.equals("GET") || method.equals("HEAD");
    String location = site.getScheme() + "://" + site.getRawAuthority() + asked.getPathQuery();
    Words words = Words.text(reads ? 301 : 308, "this site is at " + location);
    response.setStatus(words.status());
    response.getHeaders().put(HttpHeader.LOCATION, location);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, words.type());
    AnswerBody.written(response, true, words.body().buffer());
  }

  private static String withoutPort(String name) {
    int colon = name.lastIndexOf(':');
    return colon < 0 || name.endsWith("]") ? name : name.substring(0, colon);
  }
}
