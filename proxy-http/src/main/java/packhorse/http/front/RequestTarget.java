package packhorse.http.front;

import java.util.Optional;
import packhorse.request.GitRequest;
import packhorse.request.LfsRequest;
import packhorse.request.RepositoryPath;
import packhorse.request.WebPath;
import packhorse.request.WebRequest.RepositoryFile;
import packhorse.wire.GitService;

/// What a request asks for, by its method and its request target (RFC 9112 §3.2). Created by
/// [GitUrl], which reads the path strictly.
sealed interface RequestTarget {
  /// A request of the smart protocol.
  record ServiceTarget(RepositoryPath repository, GitService service, GitRequest.Step step)
      implements RequestTarget {}

  /// A request of Git LFS.
  ///
  /// @param file the decoded path below the repository, without a leading slash
  record LfsTarget(
      RepositoryPath repository,
      String method,
      LfsRequest.Call call,
      String file,
      Optional<String> query)
      implements RequestTarget {}

  /// A page, or a file of a repository.
  ///
  /// @param file the file that the path names, if it can be one
  record PageTarget(
      String method, WebPath path, Optional<String> query, Optional<RepositoryFile> file)
      implements RequestTarget {}
}
