package packhorse.node;

/// A repository, and who asks for it as its nodes see it. Everything that the proxy remembers about
/// a repository, or shares between requests for it, has this key, so that nothing that a node told
/// one asker reaches another. Created by `RepositoryAskerFactory` of `packhorse.exchange`, once for
/// each permit. Immutable.
///
/// @param pool the name of the pool
/// @param repository the name of the repository
/// @param asker a keyed hash of all that tells a node who asks; valid in this process only
public record RepositoryAsker(String pool, String repository, String asker) {
  /// A repository, whoever asks for it.
  ///
  /// @param pool the name of the pool
  /// @param name the name of the repository
  public record RepositoryKey(String pool, String name) {}

  /// The repository.
  public RepositoryKey repositoryKey() {
    return new RepositoryKey(pool, repository);
  }
}
