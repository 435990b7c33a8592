package packhorse.http.front;

import java.util.Optional;
import packhorse.request.GitRequest;
import packhorse.request.RepositoryPath;
import packhorse.wire.GitService;

/// What a request asks for, by its method and its request target (RFC 9112 §3.2). Created by
/// [GitUrl], which reads the path strictly.
sealed interface RequestTarget {
  /// A request of the smart protocol.
  record ServiceTarget(RepositoryPath repository, GitService service, GitRequest.Step step)
      implements RequestTarget {}

  /// A file of a repository.
  ///
  /// @param file the decoded rest of the path, without a leading slash; empty if the path names
  ///   only a repository
  record FileTarget(RepositoryPath repository, String method, String file, Optional<String> query)
      implements RequestTarget {}
}
