package packhorse.request;

import java.util.Optional;

/// A request for a file of a repository, made by clients that speak the dumb protocol
/// (gitprotocol-http), or for a page. It is relayed if the pool allows it.
///
/// @param method GET, HEAD or OPTIONS
/// @param file the decoded path of the file below the repository, without a leading slash, such as
///   `objects/info/packs`
/// @param query the query of the URL, not decoded, if there is one
/// @param isPage whether this is not a file of the dumb protocol. Only the node knows to which
///   repository a page belongs, so policy rules cannot be applied to it.
public record FileRequest(
    Arrival arrival,
    Optional<String> authority,
    Credential credential,
    RepositoryPath repository,
    String method,
    String file,
    Optional<String> query,
    boolean isPage,
    Headers headers)
    implements Request {

  @Override
  public Operation operation() {
    return Operation.READ;
  }
}
