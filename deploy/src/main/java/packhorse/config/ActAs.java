package packhorse.config;

/// Whom a node sees when the proxy did the checking.
public sealed interface ActAs {

  /// Nobody: requests without a credential.
  record Nobody() implements ActAs {}

  /// The user's name, in this header.
  record Header(String name) implements ActAs {}

  /// One service account for everybody.
  record Basic(String user, Secret password) implements ActAs {}
}
