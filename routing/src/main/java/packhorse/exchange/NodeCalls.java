package packhorse.exchange;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import packhorse.node.NodeCall;
import packhorse.policy.Permit;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.FileRequest;
import packhorse.request.GitRequest;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.Request;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;

/// Composes what a node hears, anew from the parsed request: never a copy of what a client sent.
/// Called by the exchanges; immutable.
final class NodeCalls {
  private static final String ID = "X-Request-Id";
  private static final String FROM = "X-Forwarded-For";
  private static final String REAL = "X-Real-IP";
  private static final List<String> ADDRESS = List.of(FROM, REAL);

  private final Map<String, ActAs> actAs;

  /// @param actAs of each pool
  NodeCalls(Map<String, ActAs> actAs) {
    this.actAs = Map.copyOf(actAs);
  }

  /// Whether it is we who decide who may read, and not a node by what it hears of the client.
  static boolean decidedHere(Permit permit) {
    return permit.checkedHere() || permit.request().credential() instanceof Credential.SshKey;
  }

  /// The lines of a call on which a node's answer can depend.
  ///
  /// @param decidedHere whether the client's address is none of them
  static Headers asked(Headers toNode, boolean decidedHere) {
    return toNode.only(line ->
        !line.name().equalsIgnoreCase(ID)
            && !(decidedHere && ADDRESS.stream().anyMatch(line.name()::equalsIgnoreCase)));
  }

  /// {@code GET info/refs?service=} (gitprotocol-http, "Discovering references").
  NodeCall advertisement(Permit permit, Service service, ProtocolVersion version) {
    String target = path(permit.request()) + "/info/refs?service=" + service.word();
    return NodeCall.get("GET", target, placed(permit), headers(permit, version));
  }

  /// {@code POST git-...} with its content type (gitprotocol-http, "Smart services").
  NodeCall exchange(Permit permit, Service service, ProtocolVersion version, NodeCall.Body body) {
    Headers headers =
        headers(permit, version)
            .only(line -> !line.name().equalsIgnoreCase("Content-Type"))
            .with("Content-Type", "application/x-" + service.word() + "-request");
    if (headers.first("Accept").isEmpty()) {
      headers = headers.with("Accept", "application/x-" + service.word() + "-result");
    }
    String target = path(permit.request()) + "/" + service.word();
    return new NodeCall("POST", target, placed(permit), headers, body);
  }

  /// {@code OPTIONS} on what a browser is about to ask.
  NodeCall preflight(Permit permit, GitRequest request) {
    String target = path(request) + "/" + request.service().word();
    return NodeCall.get("OPTIONS", target, placed(permit), headers(permit, request.version()));
  }

  /// A file of a repository (gitprotocol-http, "Dumb clients").
  NodeCall file(Permit permit, FileRequest request) {
    String query = request.query().map(words -> "?" + words).orElse("");
    String file = request.file().isEmpty() ? "" : "/" + encoded(request.file());
    String target = path(request) + file + query;
    return NodeCall.get(
        request.method(), target, placed(permit), headers(permit, ProtocolVersion.V0));
  }

  private static String placed(Permit permit) {
    return permit.calledAs().getAuthority();
  }

  private static String path(Request request) {
    return "/" + encoded(request.repository().spelt());
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%2B", "+")
        .replace("%7E", "~")
        .replace("%40", "@")
        .replace("%2C", ",")
        .replace("%3D", "=");
  }

  private Headers headers(Permit permit, ProtocolVersion version) {
    Headers headers = ClientHeaders.passed(permit.request().headers()).only(this::claimsNobody);
    if (version.headerValue().isPresent()) {
      headers = headers.with("Git-Protocol", version.headerValue().get());
    }
    headers = forwarding(identity(headers, permit), permit);
    return headers.with(ID, permit.request().arrival().id());
  }

  // a header in which a node reads who somebody is, is ours in every call, also where the node
  // itself checks what clients show
  private boolean claimsNobody(Header line) {
    return actAs.values().stream()
        .noneMatch(as ->
            as instanceof ActAs.IdentityHeader(String name) && line.name().equalsIgnoreCase(name));
  }

  private static Headers forwarding(Headers headers, Permit permit) {
    Arrival arrival = permit.request().arrival();
    String from = arrival.address();
    return headers
        .with(FROM, from)
        .with(REAL, from)
        .with("X-Forwarded-Host", placed(permit))
        .with("X-Forwarded-Proto", permit.calledAs().getScheme());
  }

  private Headers identity(Headers headers, Permit permit) {
    if (!decidedHere(permit)) return authorization(headers, permit.request().credential());
    return switch (actAs.getOrDefault(permit.pool(), new ActAs.Nobody())) {
      case ActAs.Nobody nobody -> headers;
      case ActAs.Service(String authorization) -> headers.with("Authorization", authorization);
      case ActAs.IdentityHeader(String header) ->
          permit.verified().map(name -> headers.with(header, name)).orElse(headers);
    };
  }

  private static Headers authorization(Headers headers, Credential credential) {
    return switch (credential) {
      case Credential.Basic basic -> headers.with("Authorization", basic.header());
      case Credential.Bearer bearer -> headers.with("Authorization", bearer.header());
      case Credential.Other other -> headers.with("Authorization", other.header());
      case Credential.None none -> headers;
      case Credential.SshKey key -> headers;
    };
  }
}
