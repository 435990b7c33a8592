package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.kit.FakeTicker;
import packhorse.kit.Pushes;
import packhorse.kit.RequestFixture;
import packhorse.node.AdvertisedTips;
import packhorse.node.HealthThresholds;
import packhorse.node.NodeRequest;
import packhorse.node.Nodes;
import packhorse.node.PermittedRoutes;
import packhorse.placement.Storage;
import packhorse.wire.GitService;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireText;
import packhorse.wire.refs.RefTips;

/// Lists of a primary some of whose refs point again to where they pointed before, because somebody
/// set them back.
final class RefHistoriesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeTicker ticker = new FakeTicker();
  private final RequestFixture fixture =
      RequestFixture.fetch().storage(Storage.REPLICATED, "a", "b", "c");
  private final AdvertisedTips tips = new AdvertisedTips();
  private final TipRecorder recorder = new TipRecorder(tips, new RefHistories(ticker));
  private final Map<String, Integer> branches = new TreeMap<>();

  /// Lets the primary list its branches, after one of them was moved on the primary itself.
  private ListAge listWith(String branch, int tip) throws Exception {
    branches.put(branch, tip);
    return list();
  }

  private ListAge list() throws Exception {
    StringBuilder list = new StringBuilder();
    branches.forEach((branch, tip) -> list.append(Pushes.pkt(id(tip) + " " + branch + "\n")));
    byte[] bytes = WireText.bytes(list + "0000");
    AnswerObserver observer =
        recorder.observe(routes(), request()).observerFor(ListResponse.of(bytes));
    observer.onBytes(ByteBuffer.wrap(bytes));
    observer.onEnd();
    return observer.result() instanceof AnswerResult.RefList(ListAge age)
        ? age
        : ListAge.OF_REPLICA;
  }

  private PermittedRoutes routes() throws Exception {
    var thresholds = new HealthThresholds(3, 2, Duration.ZERO, Optional.empty());
    var nodes = new Nodes(fixture.poolNodes(), pool -> thresholds, ticker);
    return RequestFixture.router(nodes, tips).routes(fixture.permit());
  }

  private NodeRequest request() {
    return new NodeRequestFactory(Map.of("main", new NodeIdentity.Nobody()))
        .advertisement(fixture.permit(), GitService.UPLOAD_PACK, ProtocolVersion.V0);
  }

  private static ObjectId id(int digit) {
    return new ObjectId(String.valueOf(digit).repeat(40));
  }

  private boolean isStale(int deploy, int main) {
    RefTips list =
        new RefTips.Builder()
            .add("refs/heads/deploy", id(deploy))
            .add("refs/heads/main", id(main))
            .build();
    return tips.staleness(fixture.asker(), list).isStale();
  }

  @Test
  void a_branch_that_was_set_back_for_some_minutes_is_the_new_state() throws Exception {
    branches.put("refs/heads/main", 3);
    listWith("refs/heads/deploy", 1);
    listWith("refs/heads/deploy", 2);
    assertThat(listWith("refs/heads/deploy", 1)).isEqualTo(ListAge.OLDER);
    ticker.advance(RefHistories.ACCEPTED_AFTER.minus(SECOND));
    assertThat(listWith("refs/heads/main", 4)).isEqualTo(ListAge.OLDER);
    assertThat(isStale(1, 4)).as("an older list is recorded").isTrue();
    ticker.advance(SECOND);
    assertThat(list()).isEqualTo(ListAge.CURRENT);
    assertThat(isStale(1, 4)).isFalse();
    assertThat(isStale(2, 3)).isTrue();
    assertThat(listWith("refs/heads/deploy", 2)).isEqualTo(ListAge.OLDER);
  }

  @Test
  void the_minutes_are_counted_for_each_branch() throws Exception {
    branches.put("refs/heads/main", 3);
    listWith("refs/heads/deploy", 1);
    branches.put("refs/heads/main", 4);
    listWith("refs/heads/deploy", 2);
    assertThat(listWith("refs/heads/deploy", 1)).isEqualTo(ListAge.OLDER);
    ticker.advance(RefHistories.ACCEPTED_AFTER);
    assertThat(listWith("refs/heads/main", 3)).isEqualTo(ListAge.OLDER);
    ticker.advance(RefHistories.ACCEPTED_AFTER);
    assertThat(list()).isEqualTo(ListAge.CURRENT);
  }

  // Such as a primary with older data that answered only once.
  @Test
  void the_minutes_begin_anew_when_the_branch_was_where_it_belongs_in_between() throws Exception {
    listWith("refs/heads/deploy", 1);
    listWith("refs/heads/deploy", 2);
    assertThat(listWith("refs/heads/deploy", 1)).isEqualTo(ListAge.OLDER);
    assertThat(listWith("refs/heads/deploy", 2)).isEqualTo(ListAge.CURRENT);
    ticker.advance(RefHistories.ACCEPTED_AFTER);
    assertThat(listWith("refs/heads/deploy", 1)).isEqualTo(ListAge.OLDER);
  }
}
