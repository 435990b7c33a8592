package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdSet;
import packhorse.wire.WireText;
import packhorse.wire.refs.TipCollector;

/// Which tips are recorded of ref advertisements, and how much memory they take.
final class AdvertisedTipsTest {
  private static final int REFS = 100_000;
  private static final int REPOSITORIES = 200;
  private static final long MEBIBYTE = 1 << 20;
  private static final ObjectId ONE = new ObjectId("1".repeat(40));
  private static final ObjectId TWO = new ObjectId("2".repeat(40));

  private final AdvertisedTips tips = new AdvertisedTips();

  private static RepositoryAsker asker(String repository) {
    return new RepositoryAsker("main", repository, "al");
  }

  private static ObjectIdSet idsOfAdvertisement(int refs) {
    var collector = new TipCollector(AdvertisedTips.MAX_IDS);
    Random random = new Random(refs);
    for (int i = 0; i < refs; i++) {
      String id = "%016x%016x%08x".formatted(random.nextLong(), random.nextLong(), i);
      String line = id + " refs/heads/topic/number-" + i + "\n";
      byte[] pkt = WireText.bytes("%04x%s".formatted(line.length() + 4, line));
      collector.onBytes(ByteBuffer.wrap(pkt));
    }
    collector.onBytes(ByteBuffer.wrap(WireText.bytes("0000")));
    collector.onEnd();
    return collector.tips().orElseThrow();
  }

  @Test
  void a_recorded_id_takes_twenty_bytes() {
    assertThat(idsOfAdvertisement(REFS).weight()).isBetween(20 * REFS, 20 * REFS + 100);
  }

  @Test
  void two_hundred_repositories_of_a_hundred_thousand_refs_take_at_most_sixteen_mebibytes() {
    ObjectIdSet ids = idsOfAdvertisement(REFS);
    for (int i = 0; i < REPOSITORIES; i++) {
      tips.record(asker("acme/app-" + i), ids, tips.currentVersion());
      assertThat(tips.weight()).isLessThanOrEqualTo(16 * MEBIBYTE);
    }
    assertThat(tips.weight()).as("recorded tips").isPositive();
  }

  @Test
  void two_hundred_repositories_of_a_usual_size_are_all_recorded() {
    ObjectIdSet ids = idsOfAdvertisement(1_000);
    for (int i = 0; i < REPOSITORIES; i++) {
      tips.record(asker("acme/app-" + i), ids, tips.currentVersion());
    }
    for (int i = 0; i < REPOSITORIES; i++) {
      assertThat(tips.isStale(asker("acme/app-" + i), ObjectIdSet.EMPTY)).isTrue();
    }
  }

  @Test
  void an_advertisement_that_was_requested_before_a_push_is_not_recorded_after_the_push() {
    RepositoryAsker app = asker("acme/app");
    long requestVersion = tips.currentVersion();
    tips.invalidate(app, List.of(TWO));
    tips.record(app, ObjectIdSet.of(List.of(ONE)), requestVersion);
    assertThat(tips.isStale(app, ObjectIdSet.of(List.of(ONE)))).isTrue();
    assertThat(tips.isStale(app, ObjectIdSet.of(List.of(TWO)))).isFalse();
    tips.record(app, ObjectIdSet.of(List.of(ONE)), tips.currentVersion());
    assertThat(tips.isStale(app, ObjectIdSet.of(List.of(ONE)))).isFalse();
  }

  @Test
  void what_one_asker_was_shown_says_nothing_about_the_advertisement_for_another() {
    RepositoryAsker other = new RepositoryAsker("main", "acme/app", "bo");
    tips.record(asker("acme/app"), ObjectIdSet.of(List.of(ONE)), tips.currentVersion());
    assertThat(tips.isStale(asker("acme/app"), ObjectIdSet.EMPTY)).isTrue();
    assertThat(tips.isStale(other, ObjectIdSet.EMPTY)).isFalse();
  }

  @Test
  void what_one_asker_pushed_must_be_in_every_later_advertisement_for_all_askers() {
    RepositoryAsker other = new RepositoryAsker("main", "acme/app", "bo");
    tips.record(other, ObjectIdSet.of(List.of(ONE)), tips.currentVersion());
    tips.invalidate(asker("acme/app"), List.of(TWO));
    assertThat(tips.isStale(other, ObjectIdSet.of(List.of(ONE)))).isTrue();
    assertThat(tips.isStale(other, ObjectIdSet.of(List.of(TWO)))).isFalse();
  }
}
