package packhorse.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Which of a client's header lines a node hears: end-to-end ones that say nothing about framing,
/// identity or the way here (RFC 9110 §7.6.1; ../threats P11-P13). The list does not depend on the
/// configuration.
final class ClientHeaders {
  private static final Set<String> OURS =
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
          // written anew
          "host",
          "accept-encoding",
          "git-protocol",
          "authorization",
          "x-request-id",
          // the way here
          "forwarded",
          "x-forwarded",
          "cf-connecting-ip",
          "cf-connecting-ipv6",
          "fastly-client-ip",
          "x-envoy-external-address",
          "via",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "true-client-ip",
          "client-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-http-method",
          "x-http-method-override",
          "x-method-override",
          // who somebody is
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
  private static final List<String> OURS_BY_PREFIX =
      List.of(
          "x-forwarded-",
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
          "ssl-client-",
          "remote-",
          "gitlab-",
          "proxy-");

  private ClientHeaders() {}

  /// The lines that go on to a node, in their order.
  static Headers passed(Headers fromClient) {
    Set<String> named = new HashSet<>();
    for (String value : fromClient.all("Connection")) {
      for (String token : value.split(",", -1)) named.add(token.strip().toLowerCase(Locale.ROOT));
    }
    return fromClient.only(line -> passes(line, named));
  }

  // CGI and some frameworks read every other character as a dash: such a name could be one of ours
  // in disguise
  private static boolean passes(Header line, Set<String> named) {
    String name = line.name().toLowerCase(Locale.ROOT);
    if (!plain(name) || named.contains(name) || OURS.contains(name)) return false;
    for (String prefix : OURS_BY_PREFIX) if (name.startsWith(prefix)) return false;
    return true;
  }

  private static boolean plain(String name) {
    for (int i = 0; i < name.length(); i++) if (!plain(name.charAt(i))) return false;
    return true;
  }

  private static boolean plain(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }
}
