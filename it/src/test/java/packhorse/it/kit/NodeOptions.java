package packhorse.it.kit;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What kind of node a [PlainNode] is: immutable, each change gives a new one.
///
/// @param root the folder of the repositories, as `acme/app.git`
/// @param dialect what the node speaks, whatever it is asked for
/// @param users names and passwords; where there are none, nobody is asked for one
/// @param realm what the challenge names
/// @param identity the header whose value the node believes to be the user, as with a pool's
///   `act-as: header`
/// @param namespace the part of each repository that is shown, see gitnamespaces(7)
/// @param certificate for the second, encrypted port, if there is to be one
public record NodeOptions(
    Path root,
    Dialect dialect,
    Map<String, String> users,
    String realm,
    Optional<String> identity,
    Optional<String> namespace,
    Optional<SelfSigned> certificate) {

  /// The protocol versions of a node.
  public enum Dialect {
    /// Whatever the client asks for, as git does.
    ANY,
    /// Protocol v0 whatever the client asks for, as Gogs does.
    V0_ONLY
  }

  public NodeOptions {
    users = Map.copyOf(users);
  }

  /// A node that speaks everything and asks nobody for a password.
  public static NodeOptions of(Path root) {
    return new NodeOptions(
        root, Dialect.ANY, Map.of(), "node", Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// The same, speaking v0 only.
  public NodeOptions v0Only() {
    return new NodeOptions(root, Dialect.V0_ONLY, users, realm, identity, namespace, certificate);
  }

  /// The same, wanting one of these names and passwords.
  public NodeOptions users(Map<String, String> people) {
    return new NodeOptions(root, dialect, people, realm, identity, namespace, certificate);
  }

  /// The same, believing a header.
  public NodeOptions believing(String header) {
    return new NodeOptions(
        root, dialect, users, realm, Optional.of(header), namespace, certificate);
  }

  /// The same, with a second port for HTTPS (HTTP/1.1 and HTTP/2).
  public NodeOptions tls(SelfSigned own) {
    return new NodeOptions(root, dialect, users, realm, identity, namespace, Optional.of(own));
  }

  /// The same, showing one namespace of each repository as if it were all of it.
  public NodeOptions within(String name) {
    return new NodeOptions(root, dialect, users, realm, identity, Optional.of(name), certificate);
  }
}
