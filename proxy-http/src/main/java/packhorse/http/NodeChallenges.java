package packhorse.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import packhorse.node.NodeCall;

/// NTLM and Negotiate can authenticate a connection and not a request (RFC 4559 §4); ours are
/// shared between clients, so one on which a node or a client tried that is not used again.
final class NodeChallenges {
  private static final Pattern BOUND =
      Pattern.compile("(^|,)\\s*(ntlm|negotiate|kerberos)\\b", Pattern.CASE_INSENSITIVE);

  /// What nodes look at in each request, and forget.
  private static final Set<String> OF_REQUESTS = Set.of("basic", "bearer", "token");

  private NodeChallenges() {}

  static void closeIfBound(Response response) {
    if (!response.getHeaders().contains(HttpHeader.WWW_AUTHENTICATE)) return;
    boolean bound =
        response.getHeaders().getFields(HttpHeader.WWW_AUTHENTICATE).stream()
            .map(HttpField::getValue)
            .anyMatch(value -> BOUND.matcher(value).find());
    if (bound && response instanceof HttpResponse jetty) {
      // Jetty closes the connection at the end of the exchange as if the node had said so
      jetty.headers(lines -> lines.add(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
    }
  }

  /// Whether the call shows a credential that could stay with the connection.
  static boolean mayBind(NodeCall call) {
    for (String value : call.headers().all(HttpHeader.AUTHORIZATION.asString())) {
      String scheme = value.split(" ", 2)[0].toLowerCase(Locale.ROOT);
      if (!OF_REQUESTS.contains(scheme)) return true;
    }
    return false;
  }
}
