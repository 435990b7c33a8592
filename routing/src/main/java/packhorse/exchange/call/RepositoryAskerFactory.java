package packhorse.exchange.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import packhorse.node.RepositoryAsker;
import packhorse.policy.Permit;
import packhorse.request.Header;
import packhorse.request.KeyedHash;
import packhorse.request.RepositoryRequest;
import packhorse.request.Request;
import packhorse.request.WebRequest;
import packhorse.wire.ProtocolVersion;

/// Creates the [RepositoryAsker] of each permit. Called by `packhorse.node.Router`, on any thread.
///
/// Who asks is: the site's URL, the path of the repository as the client wrote it, the line that
/// tells the node the client's identity, the client's address where the node decides who may read
/// and its software uses the address, and every header line of the client that is passed on and
/// that git does not send by itself. Where the proxy alone decides who may read, and the node
/// learns no name, all clients are one asker, apart from lines that git does not send.
public final class RepositoryAskerFactory {
  // Clients of git's protocol send these by themselves; they tell nothing about who asks. The
  // request's id is the proxy's own.
  private static final Set<String> NOT_IDENTIFYING =
      Set.of(
          "user-agent",
          "accept",
          "accept-language",
          "cache-control",
          "content-type",
          "git-protocol",
          "pragma",
          "x-request-id");

  private static final Set<String> CLIENT_ADDRESS = Set.of("x-forwarded-for", "x-real-ip");
  private static final Set<String> SITE = Set.of("x-forwarded-host", "x-forwarded-proto");

  private final NodeRequestFactory requests;
  private final KeyedHash hash = new KeyedHash();

  /// @param identities what the proxy presents to the nodes of each pool, by the pool's name
  public RepositoryAskerFactory(Map<String, NodeIdentity> identities) {
    this.requests = new NodeRequestFactory(identities);
  }

  public RepositoryAsker create(Permit permit) {
    return new RepositoryAsker(
        permit.placement().pool().name(),
        permit.placement().repositoryName(),
        hash.of(description(permit)));
  }

  private static String requestedPath(Request request) {
    return switch (request) {
      case RepositoryRequest git -> git.repository().requestedPath();
      case WebRequest page -> page.path().raw();
    };
  }

  private List<String> description(Permit permit) {
    boolean proxyDecides = permit.isDecidedByProxy();
    boolean addressMatters =
        !proxyDecides && permit.placement().pool().backend().usesClientAddress();
    boolean sameForAll = proxyDecides && !requests.sendsUserName(permit);
    List<String> parts = new ArrayList<>();
    if (!sameForAll) parts.add(requestedPath(permit.request()));
    for (Header header : requests.headers(permit, ProtocolVersion.V0)) {
      String name = header.name().toLowerCase(Locale.ROOT);
      boolean omitted =
          NOT_IDENTIFYING.contains(name)
              || (!addressMatters && CLIENT_ADDRESS.contains(name))
              || (sameForAll && SITE.contains(name));
      if (!omitted) parts.addAll(List.of(name, header.value()));
    }
    return parts;
  }
}
