package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Predicate;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.Tips;

/// Which objects each node lately advertised: a fetch goes to a node that knows what it asks for.
/// Bounded by the memory that it takes. Called on any thread.
public final class AdvertisedTips {
  private static final long MOST_BYTES = 16L << 20;

  /// Of a repository with more refs nothing is remembered: any node is asked, and another one if it
  /// has not what is wanted.
  public static final int MOST_IDS = 200_000;

  private record Key(String pool, String repository, String node) {}

  private final Cache<Key, Tips> tips =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((Key key, Tips ids) -> ids.weight())
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();

  /// A node has just shown these objects.
  public void advertised(Permit permit, Node node, Tips ids) {
    tips.put(key(permit, node), ids);
  }

  /// The repository has changed: what was shown may be old.
  public void forget(Permit permit) {
    String pool = permit.placement().pool().name();
    for (String node : permit.placement().nodes())
      tips.invalidate(new Key(pool, name(permit), node));
  }

  /// Whether a node lately advertised all of these.
  Predicate<Node> having(Permit permit, Collection<ObjectId> wants) {
    return node -> {
      Tips known = tips.getIfPresent(key(permit, node));
      return known != null && known.containsAll(wants);
    };
  }

  private static Key key(Permit permit, Node node) {
    return new Key(node.pool(), name(permit), node.name());
  }

  private static String name(Permit permit) {
    return permit.request().repository().name();
  }
}
