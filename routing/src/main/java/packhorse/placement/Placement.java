package packhorse.placement;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// The location of a repository: the site that the client called, the pool behind it, and the nodes
/// of that pool. Created by [RepositoryLocator]. A placement does not tell whether the repository
/// exists.
///
/// @param siteUrl the URL of the site that this client used; it determines the Host header that the
///   node gets and the links in its response
/// @param repository the name of the repository at the nodes of the pool; empty for a page that
///   belongs to no repository
/// @param showsContents whether the response can show what is in the repository
/// @param nodeNames the names of the nodes that may have the repository, in the pool's order
/// @param readOnlyReason the message with which writes are refused; empty if writes are allowed
public record Placement(
    Site site,
    URI siteUrl,
    Pool pool,
    Optional<RepositoryName> repository,
    boolean showsContents,
    List<String> nodeNames,
    Optional<String> readOnlyReason) {
  public Placement {
    nodeNames = List.copyOf(nodeNames);
  }

  /// The name of the repository; empty for a page that belongs to none.
  public String repositoryName() {
    return repository.map(RepositoryName::name).orElse("");
  }
}
