package packhorse.exchange.call;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Selects the headers of a client's request that are passed on to a node: end-to-end headers (RFC
/// 9110 §7.6.1) that say nothing about framing, identity or the route of the request, and that a
/// node which runs as CGI does not take for its own settings (docs/threats.md, H5, P11-P13). The
/// list does not depend on the configuration.
///
/// A CGI node finds the header `Some-Name` in its environment as `HTTP_SOME_NAME` (RFC 3875
/// §4.1.18), next to the variables by which programs are configured, and passes its environment on
/// to the hooks of a push.
final class RequestHeaderFilter {
  private static final Set<String> REMOVED =
      Set.of(
          // framing and connection
          "connection",
          "proxy-connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "content-length",
          "content-encoding",
          "upgrade",
          "expect",
          "http2-settings",
          "proxy-authenticate",
          "proxy-authorization",
          // set by the proxy
          "host",
          "accept-encoding",
          "git-protocol",
          "authorization",
          "x-request-id",
          // forwarding
          "forwarded",
          "x-forwarded",
          "cf-connecting-ip",
          "cf-connecting-ipv6",
          "fastly-client-ip",
          "x-envoy-external-address",
          "via",
          "x-real-ip",
          "x-cluster-client-ip",
          "true-client-ip",
          "client-ip",
          "x-host",
          "x-method-override",
          // the URL and the connection as a server in front of the node saw them
          "https",
          "x-https",
          "front-end-https",
          "scheme",
          "x-scheme",
          "x-url-scheme",
          "script-name",
          "x-script-name",
          "path-info",
          "x-path-info",
          "version",
          // how the node sends files
          "x-sendfile-type",
          // identity
          "remote-user",
          "x-remote-user",
          "x-user",
          "x-username",
          "x-auth-user",
          "x-auth-username",
          "x-auth-email",
          "auth-user",
          "sudo",
          "private-token",
          "job-token",
          "deploy-token",
          "x-gitea-internal-auth");

  /// Those of the removed headers that say how a body is coded.
  private static final Set<String> CODINGS = Set.of("accept-encoding", "content-encoding");

  private static final List<String> REMOVED_PREFIXES =
      List.of(
          "x-accel-",
          "x-client-",
          "x-forwarded-",
          "x-http-",
          "x-original-",
          "x-rewrite-",
          "x-webauth-",
          "x-auth-request-",
          "x-authenticated-",
          "x-remote-",
          "x-gitlab-",
          "x-goog-authenticated-",
          "x-ms-client-principal",
          "x-amzn-oidc-",
          "x-pomerium-",
          "cf-access-",
          "tailscale-",
          "x-ssl-client-",
          "ssl-",
          "client-cert",
          "remote-",
          "gitlab-",
          "proxy-");

  // HTTP_PROXY is the proxy through which many programs send their own requests; some take every
  // variable with this end for one.
  private static final String PROXY_SETTING = "proxy";

  // Shells have taken a variable with this beginning for a function and executed what follows.
  private static final String SHELL_FUNCTION = "() {";

  private RequestHeaderFilter() {}

  /// The headers that are passed on to a node, in their order.
  static Headers forNode(Headers fromClient) {
    Set<String> hopByHop = namedByConnection(fromClient);
    return fromClient.filter(header -> passes(header, hopByHop));
  }

  /// The headers of a request for a page that are passed on to a node, in their order: also those
  /// about the coding of the bodies, which are relayed unread.
  static Headers forPage(Headers fromClient) {
    Set<String> hopByHop = namedByConnection(fromClient);
    return fromClient.filter(header ->
        passes(header, hopByHop)
            || (CODINGS.contains(header.name().toLowerCase(Locale.ROOT))
                && !hopByHop.contains(header.name().toLowerCase(Locale.ROOT))));
  }

  /// The header names that `Connection` declares to be hop-by-hop, in lower case.
  static Set<String> namedByConnection(Headers headers) {
    Set<String> names = new HashSet<>();
    for (String value : headers.allValues("Connection")) {
      for (String token : value.split(",", -1)) names.add(token.strip().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  // CGI and some frameworks turn every other character into a dash, so that a name with such a
  // character could stand for a header that the proxy sets.
  private static boolean passes(Header header, Set<String> hopByHop) {
    String name = header.name().toLowerCase(Locale.ROOT);
    if (!isPlain(name) || hopByHop.contains(name) || REMOVED.contains(name)) return false;
    if (name.endsWith(PROXY_SETTING) || header.value().startsWith(SHELL_FUNCTION)) return false;
    for (String prefix : REMOVED_PREFIXES) if (name.startsWith(prefix)) return false;
    return true;
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) if (!isPlain(name.charAt(i))) return false;
    return true;
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }
}
