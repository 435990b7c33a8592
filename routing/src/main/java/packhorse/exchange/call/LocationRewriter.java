package packhorse.exchange.call;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.node.Node;
import packhorse.placement.Placement;

/// Rewrites the `Location` of a node's redirects, so that the client follows them through the
/// proxy, at the URL of the site that it used. A node's `Location` may contain the node's own
/// address, or a name of the site with the node's scheme; its path may begin with the path of the
/// node's URL, which clients do not see. Redirects to other hosts are not changed.
///
/// @param node the URL of the node that responded
/// @param siteUrl the site's URL as this client used it, without a path
/// @param siteAuthorities the authorities of all URLs of the site, in lower case
public record LocationRewriter(URI node, URI siteUrl, Set<String> siteAuthorities) {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?:(https?):)?//([^/?#]*)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /// The links in a response of this node to a client whose request has this placement.
  public static LocationRewriter of(Node node, Placement placement) {
    Set<String> authorities = new HashSet<>();
    authorities.add(placement.siteUrl().getAuthority().toLowerCase(Locale.ROOT));
    authorities.add(placement.site().url().getAuthority().toLowerCase(Locale.ROOT));
    for (URI alias : placement.site().aliases()) {
      authorities.add(alias.getAuthority().toLowerCase(Locale.ROOT));
    }
    return new LocationRewriter(node.http(), placement.siteUrl(), authorities);
  }

  /// Whether a link leads to the node or to the site.
  public boolean leadsThroughProxy(String link) {
    Matcher absolute = ABSOLUTE.matcher(link);
    return absolute.matches() ? leadsThroughProxy(absolute) : link.startsWith("/");
  }

  private boolean leadsThroughProxy(Matcher absolute) {
    String authority = absolute.group(2).toLowerCase(Locale.ROOT);
    String scheme = absolute.group(1) == null ? node.getScheme() : absolute.group(1);
    return withPort(authority, scheme).equals(withPort(node.getAuthority(), node.getScheme()))
        || siteAuthorities.contains(authority);
  }

  /// Returns the value of `Location` for the client. The prefix is removed from the path; the rest
  /// of path and query is neither decoded nor changed.
  public String rewrite(String location) {
    Matcher absolute = ABSOLUTE.matcher(location);
    if (!absolute.matches()) return location.startsWith("/") ? withoutPrefix(location) : location;
    return leadsThroughProxy(absolute) ? siteUrl + withoutPrefix(absolute.group(3)) : location;
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
