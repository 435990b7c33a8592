package packhorse.exchange;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import packhorse.node.NodeAnswer;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Which of a node's header lines a client hears: all, in their order, less hop-by-hop ones (RFC
/// 9110 §7.6.1) and what takes several requests on one connection to a node, because those are
/// shared. A redirect is put under the public name.
final class NodeHeaders {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "proxy-connection",
          "persistent-auth",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "proxy-authenticate",
          "proxy-authentication-info");

  private NodeHeaders() {}

  /// The lines for the client.
  static Headers forClient(NodeAnswer answer, URI calledAs) {
    Set<String> named = new HashSet<>();
    for (String value : answer.headers().all("Connection")) {
      for (String token : value.split(",", -1)) named.add(token.strip().toLowerCase(Locale.ROOT));
    }
    PublicLocation location = new PublicLocation(answer.node().http(), calledAs);
    List<Header> lines = new ArrayList<>();
    for (Header line : answer.headers()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (passes(name, named)) said(line, name, location).ifPresent(lines::add);
    }
    return new Headers(lines);
  }

  private static boolean passes(String name, Set<String> named) {
    return !HOP_BY_HOP.contains(name) && !named.contains(name);
  }

  private static Optional<Header> said(Header line, String name, PublicLocation location) {
    return switch (name) {
      case "www-authenticate" ->
          Challenges.ofRequests(line.value()).map(value -> new Header(line.name(), value));
      case "location" -> Optional.of(new Header(line.name(), location.of(line.value())));
      default -> Optional.of(line);
    };
  }
}
