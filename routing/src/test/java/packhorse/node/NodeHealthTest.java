package packhorse.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.kit.FakeTicker;
import packhorse.kit.RequestFixture;

/// When a node is up or down, and its share of the reads.
final class NodeHealthTest {
  private static final Duration SLOW_START = Duration.ofSeconds(30);

  private final FakeTicker nanos = new FakeTicker();
  private final NodeHealth node = health(Optional.empty());

  private NodeHealth health(Optional<Duration> retry) {
    return new NodeHealth(
        RequestFixture.node("a"), new HealthThresholds(3, 2, SLOW_START, retry), nanos);
  }

  private void failRequests(int times) {
    for (int i = 0; i < times; i++) node.requestFailed("refused", false);
  }

  @Test
  void a_new_node_is_up_with_its_full_share() {
    assertThat(node.state()).isEqualTo(NodeState.UP);
    assertThat(node.effectiveWeight()).isEqualTo(1000);
  }

  @Test
  void consecutive_failures_take_a_node_down_with_a_reason() {
    failRequests(2);
    node.requestSucceeded();
    failRequests(2);
    assertThat(node.state()).isEqualTo(NodeState.UP);
    failRequests(1);
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
    assertThat(node.reason()).isEqualTo("refused");
  }

  @Test
  void consecutive_successful_probes_bring_a_node_back_up() {
    failRequests(3);
    node.probeSucceeded();
    node.probeFailed("silent");
    node.probeSucceeded();
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
    node.probeSucceeded();
    assertThat(node.state()).isEqualTo(NodeState.UP);
    assertThat(node.reason()).isEmpty();
  }

  @Test
  void client_traffic_does_not_bring_a_probed_node_back_up() {
    failRequests(3);
    nanos.advance(Duration.ofHours(1));
    node.requestSucceeded();
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void successful_probes_do_not_keep_a_node_up_that_accepts_no_connections() {
    for (int i = 0; i < 3; i++) {
      node.probeSucceeded();
      node.requestFailed("refused", false);
    }
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
  }

  // A client whose requests get web pages, or a broken repository, must not take the node down for
  // all others.
  @Test
  void failures_that_may_depend_on_the_request_count_only_while_probes_fail_too() {
    for (int i = 0; i < 100; i++) {
      node.responseFailed("a web page");
      node.requestFailed("connection reset", true);
      if (i % 10 == 0) node.probeSucceeded();
    }
    assertThat(node.state()).isEqualTo(NodeState.UP);
    node.probeFailed("silent");
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void without_probes_every_failed_response_counts() {
    NodeHealth unprobed = health(Optional.of(Duration.ofSeconds(10)));
    for (int i = 0; i < 3; i++) unprobed.requestFailed("silent for too long", true);
    assertThat(unprobed.state()).isEqualTo(NodeState.DOWN);
    nanos.advance(Duration.ofSeconds(11));
    assertThat(unprobed.state()).isEqualTo(NodeState.UP);
    unprobed.responseFailed("silent again");
    assertThat(unprobed.state()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void after_a_failed_probe_failed_responses_take_a_node_down() {
    node.probeFailed("silent");
    node.responseFailed("status 500");
    node.responseFailed("status 500");
    assertThat(node.state()).isEqualTo(NodeState.UP);
    node.responseFailed("status 500");
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void failed_probes_take_a_node_down_although_requests_succeed() {
    for (int i = 0; i < 3; i++) {
      node.requestSucceeded();
      node.probeFailed("silent");
    }
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void a_node_that_is_up_again_goes_down_only_after_the_full_number_of_failures() {
    failRequests(3);
    node.probeSucceeded();
    node.probeSucceeded();
    failRequests(2);
    assertThat(node.state()).isEqualTo(NodeState.UP);
  }

  @Test
  void a_node_that_is_up_again_starts_slowly() {
    failRequests(3);
    node.probeSucceeded();
    node.probeSucceeded();
    assertThat(node.effectiveWeight()).isEqualTo(100);
    nanos.advance(Duration.ofSeconds(15));
    assertThat(node.effectiveWeight()).isEqualTo(500);
    nanos.advance(Duration.ofSeconds(15));
    assertThat(node.effectiveWeight()).isEqualTo(1000);
  }

  @Test
  void without_probes_client_traffic_retries_a_node_after_a_pause() {
    NodeHealth unprobed = health(Optional.of(Duration.ofSeconds(2)));
    for (int i = 0; i < 3; i++) unprobed.requestFailed("refused", false);
    assertThat(unprobed.state()).isEqualTo(NodeState.DOWN);
    nanos.advance(Duration.ofSeconds(2));
    assertThat(unprobed.state()).isEqualTo(NodeState.UP);
    unprobed.requestFailed("refused again", false);
    assertThat(unprobed.state()).isEqualTo(NodeState.DOWN);
    assertThat(unprobed.reason()).isEqualTo("refused again");
    nanos.advance(Duration.ofSeconds(2));
    unprobed.requestSucceeded();
    assertThat(unprobed.state()).isEqualTo(NodeState.UP);
    assertThat(unprobed.reason()).isEmpty();
  }

  @Test
  void a_draining_node_is_reported_down_while_it_is_down_and_draining_otherwise() {
    node.setDraining(true);
    assertThat(node.state()).isEqualTo(NodeState.DRAINING);
    failRequests(3);
    assertThat(node.state()).isEqualTo(NodeState.DOWN);
    node.probeSucceeded();
    node.probeSucceeded();
    assertThat(node.state()).isEqualTo(NodeState.DRAINING);
    node.setDraining(false);
    assertThat(node.state()).isEqualTo(NodeState.UP);
  }
}
