package packhorse.config.model;

/// The identity that a node sees if the proxy verified the client.
public sealed interface ActAsSettings {

  /// No identity: requests carry no credential.
  record ActAsNobody() implements ActAsSettings {}

  /// The user's name, in a header field.
  ///
  /// @param name the name of the header field
  record ActAsHeader(String name) implements ActAsSettings {}

  /// One service account for all users.
  record ActAsServiceAccount(String user, Secret password) implements ActAsSettings {}
}
