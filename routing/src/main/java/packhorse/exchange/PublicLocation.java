package packhorse.exchange;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts where a node redirects to under the name by which the client called us. A node may know
/// itself by its own address, or by our name with its own scheme, and has a path prefix that no
/// client sees; what lies elsewhere is the client's affair and stays as it is.
///
/// @param node the address of the node that answered
/// @param calledAs the site's URL as this client calls it
record PublicLocation(URI node, URI calledAs) {
  private static final Pattern ABSOLUTE =
      Pattern.compile("(?:(https?):)?//([^/?#]*)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /// The location for the client; its path and query once and as they were.
  String of(String location) {
    Matcher absolute = ABSOLUTE.matcher(location);
    if (!absolute.matches()) return location.startsWith("/") ? withoutPrefix(location) : location;
    String authority = absolute.group(2).toLowerCase(Locale.ROOT);
    String scheme = absolute.group(1) == null ? node.getScheme() : absolute.group(1);
    boolean ours =
        withPort(authority, scheme).equals(withPort(node.getAuthority(), node.getScheme()))
            || authority.equals(calledAs.getAuthority());
    return ours ? calledAs + withoutPrefix(absolute.group(3)) : location;
  }

  private static String withPort(String authority, String scheme) {
    String lower = authority.toLowerCase(Locale.ROOT);
    boolean told = lower.lastIndexOf(':') > lower.lastIndexOf(']');
    return told ? lower : lower + (scheme.equalsIgnoreCase("https") ? ":443" : ":80");
  }

  private String withoutPrefix(String path) {
    String raw = node.getRawPath();
    String prefix = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    if (prefix.isEmpty() || !path.startsWith(prefix)) return path;
    String rest = path.substring(prefix.length());
    return rest.isEmpty() || "/?#".indexOf(rest.charAt(0)) >= 0 ? rest : path;
  }
}
