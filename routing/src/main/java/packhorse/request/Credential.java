package packhorse.request;

/// What a client showed to say who it is. Parsed by a front; a claim until somebody has checked it.
/// No secret is ever printed: {@code toString} masks it.
public sealed interface Credential {

  /// Nothing was shown.
  record None() implements Credential {}

  /// HTTP Basic (RFC 7617), split at the first colon.
  ///
  /// @param header the value of the Authorization header as it came
  record Basic(String user, String password, String header) implements Credential {
    @Override
    public String toString() {
      return "Basic[user=" + Printable.of(user) + "]";
    }
  }

  /// A bearer token (RFC 6750).
  record Bearer(String token, String header) implements Credential {
    @Override
    public String toString() {
      return "Bearer";
    }
  }

  /// A scheme that we do not read; only a node can make something of it.
  record Other(String scheme, String header) implements Credential {
    @Override
    public String toString() {
      return "Other[scheme=" + Printable.of(scheme) + "]";
    }
  }

  /// The public key whose signature opened an SSH connection.
  ///
  /// @param fingerprint as OpenSSH prints it: {@code SHA256:...}
  record SshKey(String fingerprint) implements Credential {}
}
