package packhorse.request;

/// The credential of a request: what the client sent to prove its identity, or [NoCredential].
/// Created by the HTTP or SSH front. A password or token proves nothing until the proxy or a node
/// has verified it. `toString` never returns a secret. Immutable.
public sealed interface Credential {

  /// The sort of the credential, in the log and in meters.
  default String label() {
    return switch (this) {
      case NoCredential none -> "none";
      case Basic basic -> "password";
      case Bearer bearer -> "token";
      case OtherScheme other -> "other";
      case SshKey key -> "key";
    };
  }

  /// The client sent no credential.
  record NoCredential() implements Credential {}

  /// A user name and password of HTTP Basic authentication (RFC 7617), decoded.
  ///
  /// @param headerValue the value of the Authorization header as the client sent it
  record Basic(String user, String password, String headerValue) implements Credential {
    @Override
    public String toString() {
      return "Basic[user=" + PrintableText.of(user) + "]";
    }
  }

  /// A bearer token (RFC 6750).
  ///
  /// @param headerValue the value of the Authorization header as the client sent it
  record Bearer(String token, String headerValue) implements Credential {
    @Override
    public String toString() {
      return "Bearer";
    }
  }

  /// A credential of an authentication scheme that the proxy does not know. Only a node can verify
  /// it.
  ///
  /// @param headerValue the value of the Authorization header as the client sent it
  record OtherScheme(String scheme, String headerValue) implements Credential {
    @Override
    public String toString() {
      return "OtherScheme[scheme=" + PrintableText.of(scheme) + "]";
    }
  }

  /// The public key with which the client has authenticated its SSH connection: the client has
  /// proved by a signature that it holds the private key.
  ///
  /// @param fingerprint the fingerprint of the key in the form that OpenSSH prints: `SHA256:...`
  record SshKey(String fingerprint) implements Credential {}
}
