package packhorse.request;

import java.util.Optional;

/// A request of a client, parsed by a front. Independent of the libraries that the fronts use.
public sealed interface Request permits RepositoryRequest, WebRequest {
  Arrival arrival();

  /// The name that the client used for the proxy (`Host` or `:authority`), as `host[:port]` in
  /// lower case and without a default port; empty over SSH.
  Optional<String> authority();

  Credential credential();

  /// What the client requests, for records that are written before its pool is known: the name of a
  /// repository, or the path of a page.
  String name();

  Operation operation();

  /// The client's header lines, unfiltered; empty over SSH.
  Headers headers();
}
