package packhorse.exchange.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Adapts the cookies of a node to the URL of the site that the client called. The node may have
/// set them for its own host, or below the path of its own URL, which clients do not see; and a
/// browser that called the site by http drops a cookie that is for https only. Stateless.
final class PageResponseHeaders {
  private PageResponseHeaders() {}

  /// The headers for the client.
  ///
  /// @param headers those of the node's response that a client may receive
  /// @param node the URL of the node
  /// @param siteUrl the URL of the site that the client used
  static Headers forClient(Headers headers, URI node, URI siteUrl) {
    if (headers.firstValue("Set-Cookie").isEmpty()) return headers;
    List<Header> adapted = new ArrayList<>();
    for (Header header : headers) {
      adapted.add(
          header.hasName("Set-Cookie")
              ? new Header(header.name(), cookie(header.value(), node, siteUrl))
              : header);
    }
    return new Headers(adapted);
  }

  private static String cookie(String value, URI node, URI siteUrl) {
    List<String> kept = new ArrayList<>();
    for (String attribute : value.split(";", -1)) {
      if (kept.isEmpty()) {
        kept.add(attribute);
        continue;
      }
      String name = attribute.strip().toLowerCase(Locale.ROOT);
      if (name.startsWith("domain=") && !isDomainOf(name.substring("domain=".length()), siteUrl)) {
        continue;
      }
      if (name.equals("secure") && !siteUrl.getScheme().equals("https")) continue;
      kept.add(name.startsWith("path=") ? path(attribute, node) : attribute);
    }
    return String.join(";", kept);
  }

  // A browser drops a cookie for a domain that the host which it called is not in.
  private static boolean isDomainOf(String domain, URI siteUrl) {
    String name = domain.startsWith(".") ? domain.substring(1) : domain;
    String host = siteUrl.getAuthority().toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
    return host.equals(name) || host.endsWith("." + name);
  }

  private static String path(String attribute, URI node) {
    String prefix = node.getRawPath() == null ? "" : node.getRawPath().replaceFirst("/+$", "");
    int equals = attribute.indexOf('=');
    String path = attribute.substring(equals + 1).strip();
    boolean below = path.equals(prefix) || path.startsWith(prefix + "/");
    if (prefix.isEmpty() || !below) return attribute;
    String rest = path.substring(prefix.length());
    return attribute.substring(0, equals + 1) + (rest.isEmpty() ? "/" : rest);
  }
}
