package packhorse.request;

import java.util.Optional;

/// A GET or HEAD of a file of a repository: the dumb protocol (gitprotocol-http), relayed where a
/// pool allows it.
///
/// @param method GET, HEAD or OPTIONS
/// @param file the decoded rest of the path behind the repository, without a leading slash: {@code
///   objects/info/packs}
/// @param query the raw query, if any
public record FileRequest(
    Arrival arrival,
    Optional<String> calledAs,
    Credential credential,
    RepositoryPath repository,
    String method,
    String file,
    Optional<String> query,
    Headers headers)
    implements Request {

  @Override
  public Operation operation() {
    return Operation.READ;
  }
}
