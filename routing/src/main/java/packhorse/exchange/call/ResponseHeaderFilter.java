package packhorse.exchange.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import packhorse.node.NodeResponse;
import packhorse.placement.Placement;
import packhorse.request.Header;
import packhorse.request.Headers;

/// Selects the headers of a node's response that a client receives: all of them, in their order,
/// except hop-by-hop headers (RFC 9110 §7.6.1) and challenges that would need several requests on
/// one connection to a node (NTLM, for instance), because those connections are shared. The
/// `Location` of a redirect to the node is rewritten to the site's URL.
final class ResponseHeaderFilter {
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

  private ResponseHeaderFilter() {}

  /// The headers for the client.
  ///
  /// @param placement of the client's request
  static Headers forClient(NodeResponse response, Placement placement) {
    Set<String> hopByHop = RequestHeaderFilter.namedByConnection(response.headers());
    LocationRewriter location = LocationRewriter.of(response.node(), placement);
    List<Header> headers = new ArrayList<>();
    for (Header header : response.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (HOP_BY_HOP.contains(name) || hopByHop.contains(name)) continue;
      rewritten(header, name, location).ifPresent(headers::add);
    }
    return new Headers(headers);
  }

  private static Optional<Header> rewritten(Header header, String name, LocationRewriter location) {
    return switch (name) {
      case "www-authenticate" ->
          ChallengeFilter.withoutConnectionBound(header.value())
              .map(value -> new Header(header.name(), value));
      case "location" -> Optional.of(new Header(header.name(), location.rewrite(header.value())));
      default -> Optional.of(header);
    };
  }
}
