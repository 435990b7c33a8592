package packhorse.exchange;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.node.NodeCall;
import packhorse.policy.Permit;
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
    return toNode.only(
        line -> !line.named(ID) && !(decidedHere && ADDRESS.stream().anyMatch(line::named)));
  }

  /// {@code GET info/refs?service=} (gitprotocol-http, "Discovering references").
  NodeCall advertisement(Permit permit, Service service, ProtocolVersion version) {
    String target = path(permit.request()) + "/info/refs?service=" + service.word();
    return NodeCall.get("GET", target, placed(permit), headers(permit, version));
  }

  /// {@code POST git-...} with its content type (gitprotocol-http, "Smart services").
  NodeCall exchange(Permit permit, Service service, ProtocolVersion version, NodeCall.Body body) {
    List<Header> lines = lines(permit, version);
    lines.removeIf(line -> line.named("Content-Type"));
    lines.add(new Header("Content-Type", "application/x-" + service.word() + "-request"));
    if (lines.stream().noneMatch(line -> line.named("Accept"))) {
      lines.add(new Header("Accept", "application/x-" + service.word() + "-result"));
    }
    String target = path(permit.request()) + "/" + service.word();
    return new NodeCall("POST", target, placed(permit), new Headers(lines), body);
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
    return new Headers(lines(permit, version));
  }

  private List<Header> lines(Permit permit, ProtocolVersion version) {
    List<Header> lines = new ArrayList<>();
    for (Header line : ClientHeaders.passed(permit.request().headers())) {
      if (claimsNobody(line)) lines.add(line);
    }
    version.headerValue().ifPresent(value -> lines.add(new Header("Git-Protocol", value)));
    identity(permit).ifPresent(lines::add);
    lines.addAll(forwarding(permit));
    lines.add(new Header(ID, permit.request().arrival().id()));
    return lines;
  }

  // a header in which a node reads who somebody is, is ours in every call, also where the node
  // itself checks what clients show
  private boolean claimsNobody(Header line) {
    for (ActAs as : actAs.values()) {
      if (as instanceof ActAs.IdentityHeader(String name) && line.named(name)) return false;
    }
    return true;
  }

  private static List<Header> forwarding(Permit permit) {
    String from = permit.request().arrival().address();
    return List.of(
        new Header(FROM, from),
        new Header(REAL, from),
        new Header("X-Forwarded-Host", placed(permit)),
        new Header("X-Forwarded-Proto", permit.calledAs().getScheme()));
  }

  private Optional<Header> identity(Permit permit) {
    if (!decidedHere(permit))
      return shown(permit.request().credential()).map(NodeCalls::authorization);
    return switch (actAs.getOrDefault(permit.pool(), new ActAs.Nobody())) {
      case ActAs.Nobody nobody -> Optional.empty();
      case ActAs.Service(String value) -> Optional.of(authorization(value));
      case ActAs.IdentityHeader(String header) ->
          permit.verified().map(name -> new Header(header, name));
    };
  }

  private static Header authorization(String value) {
    return new Header("Authorization", value);
  }

  private static Optional<String> shown(Credential credential) {
    return switch (credential) {
      case Credential.Basic basic -> Optional.of(basic.header());
      case Credential.Bearer bearer -> Optional.of(bearer.header());
      case Credential.Other other -> Optional.of(other.header());
      case Credential.None none -> Optional.empty();
      case Credential.SshKey key -> Optional.empty();
    };
  }
}
