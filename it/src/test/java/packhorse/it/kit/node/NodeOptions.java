package packhorse.it.kit.node;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import packhorse.it.kit.http.SelfSignedCertificate;

/// Options of a [PlainNode]. Immutable: each change returns new options.
///
/// @param root the folder of the repositories, as `acme/app.git`
/// @param dialect the protocol versions that the node speaks
/// @param users names and passwords; if empty, the node requests no password
/// @param realm the realm of the challenge
/// @param identityHeader the header whose value the node takes as the name of the user, as with a
///   pool's `act-as: header`
/// @param namespace the namespace of each repository that the node serves, see gitnamespaces(7)
/// @param certificate the certificate of a second port for HTTPS; if empty, the node has no such
///   port
/// @param gogs what the node answers as Gogs does before it runs git; if empty, it serves every
///   repository
public record NodeOptions(
    Path root,
    Dialect dialect,
    Map<String, String> users,
    String realm,
    Optional<String> identityHeader,
    Optional<String> namespace,
    Optional<SelfSignedCertificate> certificate,
    Optional<GogsRules> gogs) {

  /// The protocol versions that a node speaks.
  public enum Dialect {
    /// The version that the client requests, as git does.
    ANY,
    /// Protocol v0, whatever the client requests, as Gogs does.
    V0_ONLY
  }

  public NodeOptions {
    users = Map.copyOf(users);
  }

  /// Returns options for a node that speaks every version and requests no password.
  public static NodeOptions of(Path root) {
    return new NodeOptions(
        root,
        Dialect.ANY,
        Map.of(),
        "node",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Returns a copy for a node that speaks v0 only.
  public NodeOptions v0Only() {
    return new NodeOptions(
        root, Dialect.V0_ONLY, users, realm, identityHeader, namespace, certificate, gogs);
  }

  /// Returns a copy for a node that requires one of these names and passwords.
  public NodeOptions withUsers(Map<String, String> passwords) {
    return new NodeOptions(
        root, dialect, passwords, realm, identityHeader, namespace, certificate, gogs);
  }

  /// Returns a copy for a node that takes the value of this header as the name of the user.
  public NodeOptions withIdentityHeader(String header) {
    return new NodeOptions(
        root, dialect, users, realm, Optional.of(header), namespace, certificate, gogs);
  }

  /// Returns a copy for a node with a second port for HTTPS (HTTP/1.1 and HTTP/2).
  public NodeOptions withTls(SelfSignedCertificate newCertificate) {
    return new NodeOptions(
        root, dialect, users, realm, identityHeader, namespace, Optional.of(newCertificate), gogs);
  }

  /// Returns a copy for a node that serves one namespace of each repository as if it were the
  /// whole.
  public NodeOptions withNamespace(String name) {
    return new NodeOptions(
        root, dialect, users, realm, identityHeader, Optional.of(name), certificate, gogs);
  }

  /// Returns a copy for a node that answers as Gogs does.
  public NodeOptions asGogs(GogsRules rules) {
    return new NodeOptions(
        root,
        Dialect.V0_ONLY,
        users,
        realm,
        identityHeader,
        namespace,
        certificate,
        Optional.of(rules));
  }
}
