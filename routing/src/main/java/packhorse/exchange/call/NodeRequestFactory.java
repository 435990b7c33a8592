package packhorse.exchange.call;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.node.NodeRequest;
import packhorse.policy.Permit;
import packhorse.request.Credential;
import packhorse.request.GitRequest;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.LfsRequest;
import packhorse.request.RepositoryPath;
import packhorse.request.RepositoryRequest;
import packhorse.request.VisitorCookieFilter;
import packhorse.request.WebRequest;
import packhorse.request.WebRequest.RepositoryFile;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;

/// Composes requests to nodes from parsed client requests. Nothing is copied from the bytes that a
/// client sent. Called by the exchanges; immutable.
public final class NodeRequestFactory {
  private static final String REQUEST_ID = "X-Request-Id";

  private final Map<String, NodeIdentity> identities;

  /// @param identities what the proxy presents to the nodes of each pool, by the pool's name
  public NodeRequestFactory(Map<String, NodeIdentity> identities) {
    this.identities = Map.copyOf(identities);
  }

  /// Whether a node of this pool is sent the name of a user whom the proxy authenticated.
  boolean sendsUserName(Permit permit) {
    return identityFor(permit) instanceof NodeIdentity.IdentityHeader;
  }

  /// `GET info/refs?service=` (gitprotocol-http, "Discovering references").
  public NodeRequest advertisement(Permit permit, GitService service, ProtocolVersion version) {
    String target = path(permit) + "/info/refs?service=" + service.serviceName();
    return NodeRequest.withoutBody("GET", target, host(permit), headers(permit, version));
  }

  /// `POST git-...` with its content type (gitprotocol-http, "Smart services").
  public NodeRequest serviceRequest(
      Permit permit, GitService service, ProtocolVersion version, NodeRequest.Body body) {
    List<Header> headers = headerList(permit, version);
    headers.removeIf(header -> header.hasName("Content-Type"));
    headers.add(new Header("Content-Type", "application/x-" + service.serviceName() + "-request"));
    if (headers.stream().noneMatch(header -> header.hasName("Accept"))) {
      headers.add(new Header("Accept", "application/x-" + service.serviceName() + "-result"));
    }
    String target = path(permit) + "/" + service.serviceName();
    return new NodeRequest("POST", target, host(permit), new Headers(headers), body);
  }

  /// `OPTIONS`, the preflight request of a browser.
  public NodeRequest preflight(Permit permit, GitRequest request) {
    String target = path(request.repository()) + "/" + request.service().serviceName();
    return NodeRequest.withoutBody(
        "OPTIONS", target, host(permit), headers(permit, request.version()));
  }

  /// A file of a repository (gitprotocol-http, "Dumb clients").
  public NodeRequest file(Permit permit, String method, RepositoryFile file) {
    String name = file.file().isEmpty() ? "" : "/" + encode(file.file());
    String target = path(file.repository()) + name;
    return NodeRequest.withoutBody(
        method, target, host(permit), headers(permit, ProtocolVersion.V0));
  }

  /// A request of Git LFS.
  public NodeRequest lfs(Permit permit, LfsRequest request, NodeRequest.Body body) {
    String query = request.query().map(value -> "?" + value).orElse("");
    String target = path(permit) + "/" + encode(request.file()) + query;
    return new NodeRequest(
        request.method(), target, host(permit), headers(permit, ProtocolVersion.V0), body);
  }

  /// A page, or a call of the node's API: its path and query as the client wrote them.
  public NodeRequest page(Permit permit, WebRequest request, NodeRequest.Body body) {
    String target = request.path().raw() + request.query().map(query -> "?" + query).orElse("");
    Headers passed = RequestHeaderFilter.forPage(request.headers());
    List<Header> headers = headerList(permit, passed, pageIdentity(permit));
    return new NodeRequest(
        request.method(), target, host(permit), new Headers(headers), body, true);
  }

  private static String host(Permit permit) {
    return permit.placement().siteUrl().getAuthority();
  }

  // Every request but one for a page names a repository.
  private static String path(Permit permit) {
    return switch (permit.request()) {
      case RepositoryRequest request -> path(request.repository());
      case WebRequest page -> throw new IllegalArgumentException("git is not asked for " + page);
    };
  }

  private static String path(RepositoryPath repository) {
    return "/" + encode(repository.requestedPath());
  }

  private static String encode(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%2B", "+")
        .replace("%7E", "~")
        .replace("%40", "@")
        .replace("%2C", ",")
        .replace("%3D", "=");
  }

  /// All header lines of a request that this permit allows, except those that concern its body.
  Headers headers(Permit permit, ProtocolVersion version) {
    return new Headers(headerList(permit, version));
  }

  private List<Header> headerList(Permit permit, ProtocolVersion version) {
    Headers passed = RequestHeaderFilter.forNode(permit.request().headers());
    List<Header> headers = headerList(permit, passed, identity(permit));
    version.headerValue().ifPresent(value -> headers.add(new Header("Git-Protocol", value)));
    return headers;
  }

  private List<Header> headerList(Permit permit, Headers passed, Optional<Header> identity) {
    List<Header> headers = new ArrayList<>();
    for (Header header : VisitorCookieFilter.without(passed)) {
      if (!isIdentityHeader(header)) headers.add(header);
    }
    identity.ifPresent(headers::add);
    headers.addAll(forwarding(permit));
    headers.add(new Header(REQUEST_ID, permit.request().arrival().id()));
    return headers;
  }

  // A header in which any node reads an identity is set by the proxy only, in requests to every
  // pool: also where the node itself authenticates clients.
  private boolean isIdentityHeader(Header header) {
    for (NodeIdentity identity : identities.values()) {
      if (identity instanceof NodeIdentity.IdentityHeader(String name) && header.hasName(name)) {
        return true;
      }
    }
    return false;
  }

  private static List<Header> forwarding(Permit permit) {
    String address = permit.request().arrival().clientIp();
    return List.of(
        new Header("X-Forwarded-For", address),
        new Header("X-Real-IP", address),
        new Header("X-Forwarded-Host", host(permit)),
        new Header("X-Forwarded-Proto", permit.placement().siteUrl().getScheme()));
  }

  private Optional<Header> identity(Permit permit) {
    if (!permit.isDecidedByProxy()) {
      return headerValue(permit.request().credential()).map(NodeRequestFactory::authorization);
    }
    return switch (identityFor(permit)) {
      case NodeIdentity.Nobody nobody -> Optional.empty();
      case NodeIdentity.ServiceAccount(String value) -> Optional.of(authorization(value));
      case NodeIdentity.IdentityHeader(String header) ->
          permit.verifiedName().map(name -> new Header(header, name));
    };
  }

  // A visitor does not act as the service account, whose own pages these would be.
  private Optional<Header> pageIdentity(Permit permit) {
    boolean serviceAccount = identityFor(permit) instanceof NodeIdentity.ServiceAccount;
    return permit.isDecidedByProxy() && serviceAccount ? Optional.empty() : identity(permit);
  }

  private NodeIdentity identityFor(Permit permit) {
    return identities.getOrDefault(permit.placement().pool().name(), new NodeIdentity.Nobody());
  }

  private static Header authorization(String value) {
    return new Header("Authorization", value);
  }

  private static Optional<String> headerValue(Credential credential) {
    return switch (credential) {
      case Credential.Basic basic -> Optional.of(basic.headerValue());
      case Credential.Bearer bearer -> Optional.of(bearer.headerValue());
      case Credential.OtherScheme other -> Optional.of(other.headerValue());
      case Credential.NoCredential none -> Optional.empty();
      case Credential.SshKey key -> Optional.empty();
    };
  }
}
