package packhorse.node;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import packhorse.policy.Permit;
import packhorse.wire.V0Offer;

/// What the nodes of a repository lately advertised in protocol v0, besides their refs: the later
/// requests of a conversation in v2 do not repeat it. Bounded by number. Called on any thread.
public final class Offers {
  private static final int MOST = 10_000;
  private static final int MOST_SHALLOW = 1_000;

  private record Key(String pool, String repository) {}

  private final Cache<Key, V0Offer> offers =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(Duration.ofMinutes(10)).build();

  /// A node has just advertised this.
  public void advertised(Permit permit, V0Offer offer) {
    if (offer.shallow().size() <= MOST_SHALLOW) offers.put(key(permit), offer);
  }

  /// What was lately advertised for this repository.
  public Optional<V0Offer> of(Permit permit) {
    return Optional.ofNullable(offers.getIfPresent(key(permit)));
  }

  private static Key key(Permit permit) {
    return new Key(permit.pool(), permit.request().repository().name());
  }
}
