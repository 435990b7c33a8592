package packhorse.exchange.call;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rewrites the `Location` of a node's redirects, so that the client follows them through the
/// proxy, at the URL of the site that it used. A node's `Location` may contain the node's own
/// address, or the site's host with the node's scheme; its path may begin with the path of the
/// node's URL, which clients do not see. Redirects to other hosts are not changed.
///
/// @param node the URL of the node that responded
/// @param siteUrl the site's URL as this client used it, without a path
record LocationRewriter(URI node, URI siteUrl) {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?:(https?):)?//([^/?#]*)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /// Returns the value of `Location` for the client. The prefix is removed from the path; the rest
  /// of path and query is neither decoded nor changed.
  String rewrite(String location) {
    Matcher absolute = ABSOLUTE.matcher(location);
    if (!absolute.matches()) return location.startsWith("/") ? withoutPrefix(location) : location;
    String authority = absolute.group(2).toLowerCase(Locale.ROOT);
    String scheme = absolute.group(1) == null ? node.getScheme() : absolute.group(1);
    boolean throughProxy =
        withPort(authority, scheme).equals(withPort(node.getAuthority(), node.getScheme()))
            || authority.equals(siteUrl.getAuthority());
    return throughProxy ? siteUrl + withoutPrefix(absolute.group(3)) : location;
  }

  private static String withPort(String authority, String scheme) {
    String lower = authority.toLowerCase(Locale.ROOT);
    boolean hasPort = lower.lastIndexOf(':') > lower.lastIndexOf(']');
    return hasPort ? lower : lower + (scheme.equalsIgnoreCase("https") ? ":443" : ":80");
  }

  /// Removes the path of the node's URL, if the path begins with it.
  private String withoutPrefix(String path) {
    String raw = node.getRawPath();
    String prefix = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    if (prefix.isEmpty() || !path.startsWith(prefix)) return path;
    String rest = path.substring(prefix.length());
    return rest.isEmpty() || "/?#".indexOf(rest.charAt(0)) >= 0 ? rest : path;
  }
}
