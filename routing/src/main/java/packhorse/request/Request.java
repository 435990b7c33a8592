package packhorse.request;

import java.util.Optional;

/// What came in, parsed once by a front; knows no library of a front.
public sealed interface Request permits GitRequest, FileRequest {
  Arrival arrival();

  /// The name that the client called us by, as {@code host[:port]} in lower case without a default
  /// port; none over SSH.
  Optional<String> calledAs();

  Credential credential();

  RepositoryPath repository();

  Operation operation();

  /// The client's header lines, unfiltered; none over SSH.
  Headers headers();
}
