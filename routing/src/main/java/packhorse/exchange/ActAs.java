package packhorse.exchange;

/// Whom a pool's nodes see when the proxy did the checking.
public sealed interface ActAs {
  /// Nobody: the node takes whatever comes from us.
  record Nobody() implements ActAs {}

  /// The verified name in a header that the node trusts.
  record IdentityHeader(String header) implements ActAs {}

  /// One service account for all.
  ///
  /// @param authorization the value of the Authorization header
  record Service(String authorization) implements ActAs {
    @Override
    public String toString() {
      return "Service";
    }
  }
}
