package packhorse.request;

import java.util.Optional;

/// A request for a page, which is relayed unread, or for a file of a repository, which clients of
/// the dumb protocol make (gitprotocol-http, "Dumb clients"). To which repository a page belongs
/// depends on the software of the nodes.
///
/// @param query the query of the URL as received, without its question mark, if there is one
/// @param file the file of a repository that the path names, if it could be one and the method is
///   GET or HEAD
public record WebRequest(
    Arrival arrival,
    Optional<String> authority,
    Credential credential,
    String method,
    WebPath path,
    Optional<String> query,
    Optional<RepositoryFile> file,
    Headers headers)
    implements Request {
  /// A file of a repository.
  ///
  /// @param file its decoded path below the repository, without a leading slash, such as
  ///   `objects/info/packs`; empty if the whole path is that of a file, of a repository without a
  ///   name
  public record RepositoryFile(RepositoryPath repository, String file) {}

  @Override
  public Operation operation() {
    return isGetOrHead() || method.equals("OPTIONS") ? Operation.READ : Operation.WRITE;
  }

  public boolean isGetOrHead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  @Override
  public String name() {
    return file.map(of -> of.repository().name()).orElse(path.raw());
  }
}
