package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.kit.Nanos;
import packhorse.kit.Sample;

/// When a node is up, and how much it gets.
final class NodeHealthTest {
  private static final Duration SLOW_START = Duration.ofSeconds(30);

  private final Nanos nanos = new Nanos();
  private final NodeHealth node = health(Optional.empty());

  private NodeHealth health(Optional<Duration> retry) {
    return new NodeHealth(Sample.node("a"), new Thresholds(3, 2, SLOW_START, retry), nanos);
  }

  private void failed(int times) {
    for (int i = 0; i < times; i++) node.failed("refused");
  }

  @Test
  void a_node_is_up_with_its_full_share_from_the_start() {
    assertThat(node.state()).isEqualTo(State.UP);
    assertThat(node.share()).isEqualTo(1000);
  }

  @Test
  void so_many_failures_in_a_row_take_it_down_and_it_says_why() {
    failed(2);
    node.answered();
    failed(2);
    assertThat(node.state()).isEqualTo(State.UP);
    failed(1);
    assertThat(node.state()).isEqualTo(State.DOWN);
    assertThat(node.reason()).isEqualTo("refused");
  }

  @Test
  void so_many_good_probes_in_a_row_bring_it_back() {
    failed(3);
    node.probed();
    node.probeFailed("silent");
    node.probed();
    assertThat(node.state()).isEqualTo(State.DOWN);
    node.probed();
    assertThat(node.state()).isEqualTo(State.UP);
    assertThat(node.reason()).isEmpty();
  }

  @Test
  void real_traffic_does_not_bring_back_what_probes_watch() {
    failed(3);
    nanos.pass(Duration.ofHours(1));
    node.answered();
    assertThat(node.state()).isEqualTo(State.DOWN);
  }

  // D7: the health page answers, git does not
  @Test
  void a_health_page_that_lies_does_not_keep_a_node_up() {
    for (int i = 0; i < 3; i++) {
      node.probed();
      node.failed("status 500");
    }
    assertThat(node.state()).isEqualTo(State.DOWN);
  }

  @Test
  void failed_probes_take_it_down_whatever_traffic_says() {
    for (int i = 0; i < 3; i++) {
      node.answered();
      node.probeFailed("silent");
    }
    assertThat(node.state()).isEqualTo(State.DOWN);
  }

  @Test
  void it_must_fail_as_often_again_after_it_came_back() {
    failed(3);
    node.probed();
    node.probed();
    failed(2);
    assertThat(node.state()).isEqualTo(State.UP);
  }

  @Test
  void it_starts_slowly_when_it_comes_back() {
    failed(3);
    node.probed();
    node.probed();
    assertThat(node.share()).isEqualTo(100);
    nanos.pass(Duration.ofSeconds(15));
    assertThat(node.share()).isEqualTo(500);
    nanos.pass(Duration.ofSeconds(15));
    assertThat(node.share()).isEqualTo(1000);
  }

  @Test
  void without_probes_traffic_tries_it_again_after_a_pause() {
    NodeHealth unprobed = health(Optional.of(Duration.ofSeconds(2)));
    for (int i = 0; i < 3; i++) unprobed.failed("refused");
    assertThat(unprobed.state()).isEqualTo(State.DOWN);
    nanos.pass(Duration.ofSeconds(2));
    assertThat(unprobed.state()).isEqualTo(State.UP);
    unprobed.failed("refused again");
    assertThat(unprobed.state()).isEqualTo(State.DOWN);
    assertThat(unprobed.reason()).isEqualTo("refused again");
    nanos.pass(Duration.ofSeconds(2));
    unprobed.answered();
    assertThat(unprobed.state()).isEqualTo(State.UP);
    assertThat(unprobed.reason()).isEmpty();
  }

  @Test
  void a_drained_node_is_draining_while_it_is_up() {
    node.drain(true);
    assertThat(node.state()).isEqualTo(State.DRAINING);
    failed(3);
    assertThat(node.state()).isEqualTo(State.DOWN);
    node.probed();
    node.probed();
    assertThat(node.state()).isEqualTo(State.DRAINING);
    node.drain(false);
    assertThat(node.state()).isEqualTo(State.UP);
  }
}
