package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import packhorse.policy.Permit;
import packhorse.wire.V0Offer;

/// What the nodes of a repository lately advertised in protocol v0, besides their refs: the later
/// requests of a conversation in v2 do not repeat it. It serves whoever it was advertised to, until
/// the repository changes. Bounded by the memory that it takes. Called on any thread.
public final class Offers {
  private static final int MOST_BYTES = 8 << 20;

  // the record with its key, and each id as an object
  private static final int ENTRY = 512;
  private static final int ID = 112;

  private record Key(String pool, String repository, String client) {
    boolean same(Key other) {
      return pool.equals(other.pool) && repository.equals(other.repository);
    }
  }

  private final Cache<Key, V0Offer> offers =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((Key key, V0Offer offer) -> weight(offer))
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();

  private static int weight(V0Offer offer) {
    return ENTRY + 2 * offer.capabilities().text().length() + ID * offer.shallow().size();
  }

  /// A node has just advertised this.
  public void advertised(Permit permit, V0Offer offer) {
    offers.put(key(permit), offer);
  }

  /// What was lately advertised for this repository.
  public Optional<V0Offer> of(Permit permit) {
    return Optional.ofNullable(offers.getIfPresent(key(permit)));
  }

  /// The repository has changed, or may have: what was advertised before is forgotten.
  public void changed(Permit permit) {
    Key changed = key(permit);
    offers.asMap().keySet().removeIf(changed::same);
  }

  /// How many bytes of memory this takes.
  long weight() {
    offers.cleanUp();
    return offers.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static Key key(Permit permit) {
    return new Key(permit.pool(), permit.request().repository().name(), permit.client());
  }
}
