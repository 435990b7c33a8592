package packhorse.http.node;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import packhorse.node.NodeRequest;

/// Detects authentication schemes, such as NTLM and Negotiate, that can authenticate a connection
/// instead of a request (RFC 4559 §4). Connections to nodes are shared between clients, so a
/// connection on which a node or a client tried such a scheme must not be used again.
final class ConnectionBoundAuthentication {
  private static final Pattern CONNECTION_BOUND_SCHEME =
      Pattern.compile("(^|,)\\s*(ntlm|negotiate|kerberos)\\b", Pattern.CASE_INSENSITIVE);

  /// The schemes that nodes check anew with each request.
  private static final Set<String> REQUEST_SCHEMES = Set.of("basic", "bearer", "token");

  private ConnectionBoundAuthentication() {}

  /// Has the connection closed after this response if the node offers such a scheme in it.
  static void closeIfRequested(Response response) {
    if (!response.getHeaders().contains(HttpHeader.WWW_AUTHENTICATE)) return;
    boolean bound =
        response.getHeaders().getFields(HttpHeader.WWW_AUTHENTICATE).stream()
            .map(HttpField::getValue)
            .anyMatch(value -> CONNECTION_BOUND_SCHEME.matcher(value).find());
    if (bound && response instanceof HttpResponse jettyResponse) {
      // At the end of the exchange Jetty closes the connection, as if the node had sent this field.
      jettyResponse.headers(fields -> fields.add(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
    }
  }

  /// Whether the request has a credential that could authenticate the connection.
  static boolean isUsedBy(NodeRequest request) {
    for (String value : request.headers().allValues(HttpHeader.AUTHORIZATION.asString())) {
      String scheme = value.split(" ", 2)[0].toLowerCase(Locale.ROOT);
      if (!REQUEST_SCHEMES.contains(scheme)) return true;
    }
    return false;
  }
}
