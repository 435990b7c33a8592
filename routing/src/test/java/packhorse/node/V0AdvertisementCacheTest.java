package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.kit.FakeTicker;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.refs.V0AdvertisementSummary;

/// What is cached of v0 advertisements besides their refs.
final class V0AdvertisementCacheTest {
  private final FakeTicker ticker = new FakeTicker();
  private final V0AdvertisementCache cache = new V0AdvertisementCache(ticker);

  private static V0AdvertisementSummary summary(int shallow) {
    List<ObjectId> ids = Collections.nCopies(shallow, new ObjectId("1".repeat(40)));
    return new V0AdvertisementSummary(
        Capabilities.parse("shallow"), ObjectFormat.SHA1, ids, Optional.empty());
  }

  private static RepositoryAsker asker(String name, String repository) {
    return new RepositoryAsker("main", repository, name);
  }

  @Test
  void an_entry_serves_only_the_asker_that_it_was_advertised_to() {
    cache.put(asker("al", "acme/app"), summary(0), cache.now());
    assertThat(cache.get(asker("al", "acme/app"))).isPresent();
    assertThat(cache.get(asker("bo", "acme/app"))).isEmpty();
  }

  @Test
  void a_push_invalidates_the_entries_of_all_askers_for_its_repository_only() {
    cache.put(asker("al", "acme/app"), summary(0), cache.now());
    cache.put(asker("al", "acme/other"), summary(0), cache.now());
    cache.invalidate(asker("bo", "acme/app"));
    assertThat(cache.get(asker("al", "acme/app"))).isEmpty();
    assertThat(cache.get(asker("al", "acme/other"))).isPresent();
  }

  @Test
  void an_advertisement_that_was_requested_before_a_push_serves_nobody_after_it() {
    V0AdvertisementCache.Moment requested = cache.now();
    cache.invalidate(asker("bo", "acme/app"));
    cache.put(asker("al", "acme/app"), summary(0), requested);
    cache.put(asker("al", "acme/other"), summary(0), requested);
    assertThat(cache.get(asker("al", "acme/app"))).isEmpty();
    assertThat(cache.get(asker("al", "acme/other"))).isPresent();
    cache.put(asker("al", "acme/app"), summary(0), cache.now());
    assertThat(cache.get(asker("al", "acme/app"))).isPresent();
  }

  @Test
  void an_entry_ages_from_when_its_advertisement_was_requested() {
    V0AdvertisementCache.Moment requested = cache.now();
    ticker.advance(Duration.ofMinutes(4));
    cache.put(asker("al", "acme/app"), summary(0), requested);
    ticker.advance(Duration.ofMinutes(6).minusNanos(1));
    assertThat(cache.get(asker("al", "acme/app"))).isPresent();
    ticker.advance(Duration.ofNanos(1));
    assertThat(cache.get(asker("al", "acme/app"))).isEmpty();
  }

  @Test
  void the_memory_is_bounded_for_repositories_with_many_shallow_commits() {
    for (int i = 0; i < 200; i++) {
      cache.put(asker("al", "acme/app-" + i), summary(10_000), cache.now());
      assertThat(cache.weight()).isLessThanOrEqualTo(8L << 20);
    }
  }
}
