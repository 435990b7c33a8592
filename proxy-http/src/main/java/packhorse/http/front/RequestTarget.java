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

  /// A file of a repository, or a page.
  ///
  /// @param file the decoded rest of the path, without a leading slash; empty if the path names
  ///   only a repository
  /// @param isPage whether this is not a file of the dumb protocol, see [RepositoryFilePath]
  record FileTarget(
      RepositoryPath repository, String method, String file, Optional<String> query, boolean isPage)
      implements RequestTarget {}
}
