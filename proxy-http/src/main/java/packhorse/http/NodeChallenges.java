package packhorse.http;

import java.util.Locale;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import packhorse.node.NodeCall;

/// NTLM and Negotiate can authenticate a connection and not a request (RFC 4559 §4); ours are
/// shared between clients, so one on which a node or a client tried that is not used again.
final class NodeChallenges {
  private NodeChallenges() {}

  static void closeIfBound(Response response) {
    boolean bound =
        response.getHeaders().getFields(HttpHeader.WWW_AUTHENTICATE).stream()
            .map(HttpField::getValue)
            .anyMatch(NodeChallenges::bound);
    if (bound && response instanceof HttpResponse jetty) {
      // Jetty closes the connection at the end of the exchange as if the node had said so
      jetty.headers(lines -> lines.add(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
    }
  }

  /// Whether the call shows a credential that can authenticate a connection.
  static boolean answered(NodeCall call) {
    return call.headers().all(HttpHeader.AUTHORIZATION.asString()).stream()
        .anyMatch(NodeChallenges::bound);
  }

  private static boolean bound(String value) {
    String lower = value.strip().toLowerCase(Locale.ROOT);
    return lower.startsWith("ntlm") || lower.startsWith("negotiate");
  }
}
