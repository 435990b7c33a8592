package packhorse.exchange;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import packhorse.node.NodeAnswer;
import packhorse.placement.Placement;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Which of a node's header lines a client hears: all, in their order, less hop-by-hop ones (RFC
/// 9110 §7.6.1) and challenges that are bound to a connection, because connections to nodes are
/// shared. A redirect is put under the public name.
final class NodeHeaders {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "proxy-connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "proxy-authenticate",
          "proxy-authentication-info");

  private NodeHeaders() {}

  /// The lines for the client.
  static Headers forClient(NodeAnswer answer, Placement placement) {
    Set<String> named = new HashSet<>();
    for (String value : answer.headers().all("Connection")) {
      for (String token : value.split(",", -1)) named.add(token.strip().toLowerCase(Locale.ROOT));
    }
    var lines =
        answer.headers().lines().stream()
            .filter(line -> passes(line, named))
            .map(line -> published(line, answer.node().http(), placement))
            .toList();
    return new Headers(lines);
  }

  private static boolean passes(Header line, Set<String> named) {
    String name = line.name().toLowerCase(Locale.ROOT);
    return !HOP_BY_HOP.contains(name) && !named.contains(name) && !boundToConnection(name, line);
  }

  private static boolean boundToConnection(String name, Header line) {
    if (!name.equals("www-authenticate")) return false;
    String challenge = line.value().strip().toLowerCase(Locale.ROOT);
    return challenge.startsWith("ntlm") || challenge.startsWith("negotiate");
  }

  private static Header published(Header line, URI node, Placement placement) {
    if (!line.name().equalsIgnoreCase("Location")) return line;
    String origin = node.getScheme() + "://" + node.getAuthority();
    String prefix = origin + node.getRawPath();
    String target = line.value();
    if (!target.startsWith(origin)) return line;
    String rest = target.substring(target.startsWith(prefix) ? prefix.length() : origin.length());
    if (!rest.isEmpty() && "/?#".indexOf(rest.charAt(0)) < 0) return line;
    return new Header(line.name(), placement.calledAs() + rest);
  }
}
