package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import packhorse.kit.Sample;
import packhorse.placement.Storage;
import packhorse.policy.Permit;
import packhorse.wire.ObjectId;
import packhorse.wire.Tips;
import packhorse.wire.TipsWatch;
import packhorse.wire.WireText;

/// What is remembered of lists of refs, and how much memory that takes.
final class AdvertisedTipsTest {
  private static final int REFS = 100_000;
  private static final int REPOSITORIES = 200;
  private static final long MEBIBYTE = 1 << 20;

  private final AdvertisedTips tips = new AdvertisedTips();

  private static Permit permit(String repository) {
    return Sample.fetch().storage(Storage.REPLICATED, "a", "b").repository(repository).permit();
  }

  private static Tips list(int refs) {
    var watch = new TipsWatch(AdvertisedTips.MOST_IDS);
    Random random = new Random(refs);
    for (int i = 0; i < refs; i++) {
      String id = "%016x%016x%08x".formatted(random.nextLong(), random.nextLong(), i);
      String line = id + " refs/heads/topic/number-" + i + "\n";
      byte[] pkt = WireText.bytes("%04x%s".formatted(line.length() + 4, line));
      watch.passed(ByteBuffer.wrap(pkt));
    }
    watch.passed(ByteBuffer.wrap(WireText.bytes("0000")));
    watch.ended();
    return watch.tips().orElseThrow();
  }

  @Test
  void an_id_takes_its_twenty_bytes() {
    assertThat(list(REFS).weight()).isBetween(20 * REFS, 20 * REFS + 100);
  }

  @Test
  void two_hundred_repositories_of_a_hundred_thousand_refs_take_sixteen_mebibytes() {
    Tips list = list(REFS);
    for (int i = 0; i < REPOSITORIES; i++) {
      tips.advertised(permit("acme/app-" + i), list, tips.now());
      assertThat(tips.weight()).isLessThanOrEqualTo(16 * MEBIBYTE);
    }
    assertThat(tips.weight()).as("what is kept of them").isPositive();
  }

  @Test
  void two_hundred_usual_repositories_are_all_remembered() {
    Tips list = list(1_000);
    for (int i = 0; i < REPOSITORIES; i++) {
      tips.advertised(permit("acme/app-" + i), list, tips.now());
    }
    for (int i = 0; i < REPOSITORIES; i++) {
      assertThat(tips.older(permit("acme/app-" + i), Tips.NONE)).isTrue();
    }
  }

  @Test
  void a_list_that_was_asked_for_before_a_push_is_not_remembered_after_it() {
    Permit app = permit("acme/app");
    ObjectId old = new ObjectId("1".repeat(40));
    ObjectId pushed = new ObjectId("2".repeat(40));
    long asked = tips.now();
    tips.changed(app, List.of(pushed));
    tips.advertised(app, Tips.of(List.of(old)), asked);
    assertThat(tips.older(app, Tips.of(List.of(old)))).isTrue();
    assertThat(tips.older(app, Tips.of(List.of(pushed)))).isFalse();
    tips.advertised(app, Tips.of(List.of(old)), tips.now());
    assertThat(tips.older(app, Tips.of(List.of(old)))).isFalse();
  }
}
