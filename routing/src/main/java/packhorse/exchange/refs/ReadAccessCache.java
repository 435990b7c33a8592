package packhorse.exchange.refs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import packhorse.memory.MemoryPlan;
import packhorse.node.PermittedRoutes;
import packhorse.node.RepositoryAsker;

/// Caches what recent responses of nodes showed an asker: that it may read the repository, and that
/// the repository is shallow. This only decides whether the proxy starts the response to a fetch
/// before the node responds, never what a client gets. Bounded by the number of entries. Called on
/// any thread.
public final class ReadAccessCache {
  private static final int MAX_ENTRIES = 100_000;

  // Long enough for the fetch that follows a ref advertisement.
  private final Cache<RepositoryAsker, Boolean> readers = cache(Duration.ofMinutes(10));
  private final Cache<RepositoryAsker, Boolean> shallow = cache(Duration.ofDays(1));

  private static Cache<RepositoryAsker, Boolean> cache(Duration lifetime) {
    return Caffeine.newBuilder()
        .maximumSize(MemoryPlan.ofThisJvm().scaled(MAX_ENTRIES))
        .expireAfterWrite(lifetime)
        .build();
  }

  /// Records that a node sent its refs to this asker.
  void recordAccess(RepositoryAsker asker) {
    readers.put(asker, Boolean.TRUE);
  }

  /// Whether no node will request credentials or deny access: the proxy has decided about the
  /// access, or a node recently sent its refs to the same asker.
  public boolean mayRead(PermittedRoutes routes) {
    return routes.permit().isDecidedByProxy() || readers.getIfPresent(routes.asker()) != null;
  }

  /// Records that the repository is shallow on its nodes.
  public void recordShallow(RepositoryAsker asker) {
    shallow.put(asker, Boolean.TRUE);
  }

  public boolean isShallow(RepositoryAsker asker) {
    return shallow.getIfPresent(asker) != null;
  }
}
