package packhorse.http;

import java.util.Optional;
import packhorse.request.GitRequest;
import packhorse.request.RepositoryPath;
import packhorse.wire.Service;

/// What the line of a request asks for. Made by {@link GitUrl}; that one exists means that its path
/// was read strictly.
sealed interface Target {
  /// A request of the smart protocol.
  record Git(RepositoryPath repository, Service service, GitRequest.Step step) implements Target {}

  /// A file of a repository.
  ///
  /// @param file the decoded rest of the path, without a leading slash; empty where the path names
  ///   nothing but the repository
  record RepositoryFile(
      RepositoryPath repository, String method, String file, Optional<String> query)
      implements Target {}
}
