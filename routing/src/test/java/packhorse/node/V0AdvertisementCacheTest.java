package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.kit.RequestFixture;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.refs.V0AdvertisementSummary;

/// What is cached of v0 advertisements besides their refs.
final class V0AdvertisementCacheTest {
  private final V0AdvertisementCache cache = new V0AdvertisementCache();

  private static V0AdvertisementSummary summary(int shallow) {
    List<ObjectId> ids = Collections.nCopies(shallow, new ObjectId("1".repeat(40)));
    return new V0AdvertisementSummary(
        Capabilities.parse("shallow"), ObjectFormat.SHA1, ids, Optional.empty());
  }

  @Test
  void an_entry_serves_only_the_principal_that_it_was_advertised_to() {
    cache.put(RequestFixture.fetch().user("al").permit(), summary(0));
    assertThat(cache.get(RequestFixture.fetch().user("al").permit())).isPresent();
    assertThat(cache.get(RequestFixture.fetch().user("bo").permit())).isEmpty();
    assertThat(cache.get(RequestFixture.fetch().permit())).isEmpty();
  }

  @Test
  void a_push_invalidates_the_entries_of_all_principals_for_its_repository_only() {
    RequestFixture other = RequestFixture.fetch().repository("acme/other");
    cache.put(RequestFixture.fetch().user("al").permit(), summary(0));
    cache.put(other.permit(), summary(0));
    cache.invalidate(RequestFixture.push().user("bo").permit());
    assertThat(cache.get(RequestFixture.fetch().user("al").permit())).isEmpty();
    assertThat(cache.get(other.permit())).isPresent();
  }

  @Test
  void the_memory_is_bounded_for_repositories_with_many_shallow_commits() {
    for (int i = 0; i < 200; i++) {
      cache.put(RequestFixture.fetch().repository("acme/app-" + i).permit(), summary(10_000));
      assertThat(cache.weight()).isLessThanOrEqualTo(8L << 20);
    }
  }
}
