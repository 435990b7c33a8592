package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.Tips;

/// What clients were lately shown of a repository whose nodes can differ, and which nodes lately
/// lacked something of it. Nothing here decides whether an answer is right, only who is asked
/// first. Bounded by the memory that it takes. Called on any thread.
public final class AdvertisedTips {
  private static final long MOST_BYTES = 16L << 20;
  private static final int MOST_MISSING = 100_000;

  /// Of a repository with more refs nothing is remembered.
  public static final int MOST_IDS = 200_000;

  private record Key(String pool, String repository) {}

  private record Missing(Key repository, String node, ObjectId id) {}

  private final Cache<Key, Tips> shown =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((Key key, Tips ids) -> ids.weight())
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();

  // replicas catch up: a node is asked again soon
  private final Cache<Missing, Boolean> missing =
      Caffeine.newBuilder()
          .maximumSize(MOST_MISSING)
          .expireAfterWrite(Duration.ofSeconds(2))
          .build();

  /// A client has just been shown these objects.
  public void advertised(Permit permit, Tips ids) {
    shown.put(key(permit), ids);
  }

  /// The repository has changed, or may have: what was shown is no longer all of it.
  ///
  /// @param now objects that whoever reads from now on must be shown
  public void changed(Permit permit, Collection<ObjectId> now) {
    shown.put(key(permit), Tips.of(now));
  }

  /// Whether a list of refs is older than what somebody was shown: it lacks something of that.
  public boolean older(Permit permit, Tips list) {
    Tips known = shown.getIfPresent(key(permit));
    return known != null && !list.containsAll(known);
  }

  /// A node was asked for these and has not got them all.
  public void missed(Permit permit, Node node, Collection<ObjectId> wants) {
    for (ObjectId id : wants) {
      missing.put(new Missing(key(permit), node.name(), id), Boolean.TRUE);
    }
  }

  /// Whether a node lately had not all of these.
  boolean missing(Permit permit, Node node, Collection<ObjectId> wants) {
    return wants.stream()
        .anyMatch(id -> missing.getIfPresent(new Missing(key(permit), node.name(), id)) != null);
  }

  private static Key key(Permit permit) {
    return new Key(permit.pool(), permit.request().repository().name());
  }
}
