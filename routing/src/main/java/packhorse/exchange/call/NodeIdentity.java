package packhorse.exchange.call;

/// The identity that the proxy presents to the nodes of a pool if the proxy itself authenticated
/// the client (`act-as` in the configuration).
public sealed interface NodeIdentity {
  /// No identity: the node accepts any request from the proxy.
  record Nobody() implements NodeIdentity {}

  /// The verified user name in a header that the node trusts.
  ///
  /// @param header the name of the header
  record IdentityHeader(String header) implements NodeIdentity {}

  /// One service account for all clients.
  ///
  /// @param authorization the value of the `Authorization` header; a secret, never printed
  record ServiceAccount(String authorization) implements NodeIdentity {
    @Override
    public String toString() {
      return "ServiceAccount";
    }
  }
}
