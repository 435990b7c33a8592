package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import packhorse.node.tips.ShownList;
import packhorse.node.tips.Staleness;
import packhorse.wire.ObjectId;
import packhorse.wire.WireText;
import packhorse.wire.push.RefUpdate;
import packhorse.wire.refs.RefTips;
import packhorse.wire.refs.TipCollector;

/// What is remembered of lists and pushes, how the lists of nodes compare with it, and how much
/// memory it takes.
final class AdvertisedTipsTest {
  private static final int REFS = 100_000;
  private static final int REPOSITORIES = 200;
  private static final long MEBIBYTE = 1 << 20;
  private static final ObjectId ZERO = new ObjectId("0".repeat(40));
  private static final ObjectId ONE = new ObjectId("1".repeat(40));
  private static final ObjectId TWO = new ObjectId("2".repeat(40));
  private static final ObjectId THREE = new ObjectId("3".repeat(40));

  private final AdvertisedTips tips = new AdvertisedTips();
  private final RepositoryAsker al = asker("acme/app");
  private final RepositoryAsker bo = new RepositoryAsker("main", "acme/app", "bo");

  private static RepositoryAsker asker(String repository) {
    return new RepositoryAsker("main", repository, "al");
  }

  private static RefTips advertisement(int refs) {
    var collector = new TipCollector(AdvertisedTips.MAX_REFS);
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

  /// A list of some of the branches a, b and c, in this order.
  private static RefTips list(ObjectId... branches) {
    RefTips.Builder refs = new RefTips.Builder();
    for (int i = 0; i < branches.length; i++) {
      if (!branches[i].isZero()) refs.add("refs/heads/" + (char) ('a' + i), branches[i]);
    }
    return refs.build();
  }

  private static RefUpdate update(String branch, ObjectId from, ObjectId to) {
    return new RefUpdate(from, to, "refs/heads/" + branch);
  }

  private void show(RepositoryAsker asker, RefTips list) {
    tips.record(asker, new ShownList(list, tips.nextOrder(), true, true));
  }

  private void showPart(RepositoryAsker asker, RefTips list) {
    tips.record(asker, new ShownList(list, tips.nextOrder(), false, true));
  }

  private void showFromReplica(RepositoryAsker asker, RefTips list) {
    tips.record(asker, new ShownList(list, tips.nextOrder(), true, false));
  }

  private void push(RepositoryAsker asker, RefUpdate update) {
    tips.pushBegins(asker, List.of(update));
    tips.pushApplied(asker, List.of(update));
  }

  private boolean isStale(RepositoryAsker asker, ObjectId... branches) {
    return tips.staleness(asker, list(branches)).isStale();
  }

  @Test
  void a_hundred_thousand_refs_are_recorded_in_two_and_a_half_megabytes() {
    show(al, advertisement(REFS));
    assertThat(tips.weight()).isBetween(24L * REFS, 24L * REFS + 1_000);
  }

  @Test
  void two_hundred_repositories_of_a_hundred_thousand_refs_take_at_most_sixteen_mebibytes() {
    RefTips refs = advertisement(REFS);
    for (int i = 0; i < REPOSITORIES; i++) {
      show(asker("acme/app-" + i), refs);
      assertThat(tips.weight()).isLessThanOrEqualTo(16 * MEBIBYTE);
    }
    assertThat(tips.weight()).as("recorded tips").isPositive();
  }

  @Test
  void pushes_of_a_hundred_thousand_refs_to_twenty_repositories_take_at_most_sixteen_mebibytes() {
    List<RefUpdate> updates =
        IntStream.range(0, REFS).mapToObj(i -> update("topic/" + i, ZERO, ONE)).toList();
    for (int i = 0; i < 20; i++) {
      tips.pushBegins(asker("acme/app-" + i), updates);
      tips.pushApplied(asker("acme/app-" + i), updates);
      assertThat(tips.weight()).isLessThanOrEqualTo(16 * MEBIBYTE);
    }
    assertThat(tips.weight()).as("recorded tips").isPositive();
  }

  @Test
  void two_hundred_repositories_of_a_usual_size_are_all_recorded() {
    RefTips refs = advertisement(1_000);
    for (int i = 0; i < REPOSITORIES; i++) show(asker("acme/app-" + i), refs);
    for (int i = 0; i < REPOSITORIES; i++) assertThat(isStale(asker("acme/app-" + i))).isTrue();
  }

  @Test
  void an_advertisement_that_was_requested_before_a_push_does_not_replace_the_push() {
    long order = tips.nextOrder();
    push(al, update("a", ONE, TWO));
    tips.record(al, new ShownList(list(ONE), order, true, true));
    assertThat(isStale(al, ONE)).isTrue();
    assertThat(isStale(al, TWO)).isFalse();
    show(al, list(ONE));
    assertThat(isStale(al, ONE)).isFalse();
  }

  @Test
  void what_one_asker_was_shown_says_nothing_about_the_advertisement_for_another() {
    show(al, list(ONE));
    assertThat(isStale(al)).isTrue();
    assertThat(isStale(bo)).isFalse();
  }

  @Test
  void what_one_asker_pushed_must_be_in_every_later_advertisement_for_all_askers() {
    show(bo, list(ONE));
    push(al, update("a", ONE, TWO));
    assertThat(isStale(bo, ONE)).isTrue();
    assertThat(isStale(bo, TWO)).isFalse();
  }

  @Test
  void a_list_of_some_refs_leaves_what_was_shown_of_the_others() {
    show(al, list(ONE, ONE));
    showPart(al, list(TWO));
    assertThat(isStale(al, TWO, ONE)).isFalse();
    assertThat(isStale(al, TWO)).isTrue();
    assertThat(isStale(al, ONE, ONE)).isTrue();
    show(al, list(TWO));
    assertThat(isStale(al, TWO)).isFalse();
  }

  @Test
  void a_slow_list_does_not_replace_one_that_was_requested_later() {
    long order = tips.nextOrder();
    show(al, list(TWO));
    tips.record(al, new ShownList(list(ONE, ONE), order, true, true));
    assertThat(isStale(al, ONE, ONE)).isTrue();
    assertThat(isStale(al, TWO, ONE)).isFalse();
  }

  @Test
  void a_push_leaves_what_was_pushed_before() {
    show(al, list(ONE, ONE));
    push(al, update("a", ONE, TWO));
    push(al, update("b", ONE, TWO));
    assertThat(isStale(al, ONE, TWO)).isTrue();
    assertThat(isStale(al, TWO, ONE)).isTrue();
    assertThat(isStale(al, TWO, TWO)).isFalse();
  }

  @Test
  void a_push_that_may_have_been_applied_leaves_what_was_pushed_before() {
    push(al, update("a", ZERO, ONE));
    push(al, update("b", ZERO, ONE));
    tips.pushBegins(al, List.of(update("b", ONE, TWO)));
    assertThat(isStale(bo, ONE, ONE)).isFalse();
    assertThat(isStale(bo, ONE, TWO)).isFalse();
    assertThat(isStale(bo, ZERO, TWO)).isTrue();
    assertThat(isStale(bo, ONE, THREE)).isTrue();
  }

  @Test
  void a_push_that_a_replica_has_shown_was_applied() {
    push(al, update("a", ZERO, ONE));
    tips.pushBegins(al, List.of(update("a", ONE, TWO)));
    showFromReplica(bo, list(ONE));
    assertThat(isStale(al, TWO)).isFalse();
    showFromReplica(bo, list(TWO));
    assertThat(isStale(al, TWO)).isFalse();
    assertThat(isStale(al, ONE)).isTrue();
    assertThat(isStale(bo, ONE)).isTrue();
  }

  @Test
  void a_deleted_branch_must_not_come_back() {
    show(al, list(ONE, ONE));
    push(al, update("b", ONE, ZERO));
    assertThat(isStale(al, ONE)).isFalse();
    assertThat(isStale(al, ONE, ONE)).isTrue();
  }

  @Test
  void the_list_of_a_replica_replaces_nothing_that_is_known() {
    show(al, list(TWO));
    showFromReplica(al, list(ONE, ONE));
    assertThat(isStale(al, ONE)).isTrue();
    assertThat(isStale(al, TWO)).isFalse();
  }

  @Test
  void what_a_replica_shows_is_remembered_if_nothing_was_known() {
    showFromReplica(al, list(TWO));
    assertThat(isStale(al, ONE)).isTrue();
    assertThat(isStale(al, TWO)).isFalse();
  }

  @Test
  void of_two_pushes_to_one_branch_the_later_one_counts_in_whatever_order_they_are_reported() {
    tips.pushBegins(al, List.of(update("a", ONE, TWO)));
    tips.pushBegins(bo, List.of(update("a", TWO, THREE)));
    tips.pushApplied(bo, List.of(update("a", TWO, THREE)));
    tips.pushApplied(al, List.of(update("a", ONE, TWO)));
    assertThat(isStale(al, THREE)).isFalse();
    assertThat(isStale(al, TWO)).isTrue();
    push(al, update("a", THREE, TWO));
    assertThat(isStale(al, TWO)).isFalse();
  }

  @Test
  void of_two_lists_that_are_behind_the_one_that_shows_the_later_push_is_more_current() {
    show(al, list(ONE, ONE, ONE));
    push(al, update("a", ONE, TWO));
    push(al, update("a", TWO, THREE));
    push(bo, update("b", ONE, TWO));
    push(bo, update("c", ONE, TWO));
    Staleness newer = tips.staleness(al, list(TWO, ONE, ONE));
    Staleness older = tips.staleness(al, list(ONE, ONE, ONE));
    assertThat(newer.isStale()).isTrue();
    assertThat(newer.missing()).isEqualTo(older.missing());
    assertThat(newer).isLessThan(older);
  }

  // The ref of a merge request follows its branch.
  @Test
  void refs_that_may_follow_a_pushed_branch_count_less_than_the_branch() {
    show(al, list(ONE, ONE));
    push(al, update("a", ONE, TWO));
    Staleness current = tips.staleness(al, list(TWO, TWO));
    Staleness old = tips.staleness(al, list(ONE, ONE));
    assertThat(current.isStale()).isFalse();
    assertThat(current).isLessThan(old);
    assertThat(tips.staleness(al, list(TWO, ONE))).isLessThan(current);
  }
}
