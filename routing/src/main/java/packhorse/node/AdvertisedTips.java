package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.Tips;

/// What clients were lately shown of a repository whose nodes can differ, and which nodes lately
/// lacked something of it. Nothing here decides whether an answer is right, only who is asked
/// first. Bounded by the memory that it takes. Called on any thread.
public final class AdvertisedTips {
  private static final long MOST_BYTES = 16L << 20;
  // the key, and what a cache adds to it
  private static final int ENTRY = 256;
  private static final int MOST_MISSING = 100_000;

  /// Of a repository with more refs nothing is remembered.
  public static final int MOST_IDS = 200_000;

  private record Key(String pool, String repository) {}

  /// @param change the last change of the repository that we saw
  private record Shown(Tips ids, long change) {}

  private record Missing(Key repository, String node, ObjectId id) {}

  private final Cache<Key, Shown> shown =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((Key key, Shown list) -> ENTRY + list.ids().weight())
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();

  private final AtomicLong changes = new AtomicLong();

  // replicas catch up: a node is asked again soon
  private final Cache<Missing, Boolean> missing =
      Caffeine.newBuilder()
          .maximumSize(MOST_MISSING)
          .expireAfterWrite(Duration.ofSeconds(2))
          .build();

  /// Now, on the clock of {@link #changed}.
  public long now() {
    return changes.get();
  }

  /// A client has just been shown these objects.
  ///
  /// @param asOf what {@link #now} was when the node was asked: a list that is older than a change
  ///   of its repository is not remembered
  public void advertised(Permit permit, Tips ids, long asOf) {
    shown
        .asMap()
        .merge(
            key(permit),
            new Shown(ids, asOf),
            (known, list) -> known.change() > asOf ? known : new Shown(ids, known.change()));
  }

  /// The repository has changed, or may have: what was shown is no longer all of it.
  ///
  /// @param now objects that whoever reads from now on must be shown
  public void changed(Permit permit, Collection<ObjectId> now) {
    shown.put(key(permit), new Shown(Tips.of(now), changes.incrementAndGet()));
  }

  /// Whether a list of refs is older than what somebody was shown: it lacks something of that.
  public boolean older(Permit permit, Tips list) {
    Shown known = shown.getIfPresent(key(permit));
    return known != null && !list.containsAll(known.ids());
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

  /// How many bytes of memory the lists take.
  long weight() {
    shown.cleanUp();
    return shown.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static Key key(Permit permit) {
    return new Key(permit.pool(), permit.request().repository().name());
  }
}
