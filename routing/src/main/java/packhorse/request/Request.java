package packhorse.request;

import java.util.Optional;

/// A request of a client, parsed by a front. Independent of the libraries that the fronts use.
public sealed interface Request permits GitRequest, FileRequest {
  Arrival arrival();

  /// The name that the client used for the proxy (`Host` or `:authority`), as `host[:port]` in
  /// lower case and without a default port; empty over SSH.
  Optional<String> authority();

  Credential credential();

  RepositoryPath repository();

  Operation operation();

  /// The client's header lines, unfiltered; empty over SSH.
  Headers headers();
}
