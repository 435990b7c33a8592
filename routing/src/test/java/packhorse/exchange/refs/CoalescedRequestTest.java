package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import packhorse.exchange.call.RoutedResponse;
import packhorse.kit.RequestFixture;
import packhorse.memory.MemoryBudget;
import packhorse.node.Node;
import packhorse.node.WaitListener;

/// The callers of a request and of its helper, whichever responds first.
@Timeout(30)
final class CoalescedRequestTest {
  private static final byte[] LONG_LIST = new byte[1 << 20];

  private final MemoryBudget budget = new MemoryBudget(16L << 20, Duration.ZERO);
  private final FanOutBufferFactory buffers =
      new FanOutBufferFactory(RequestFixture.SPILL_FOLDER, budget);
  private final RequestSender sender =
      new RequestSender() {
        @Override
        public RoutedResponse send(Optional<Node> silentNode, WaitListener waitListener) {
          return ListResponse.of(LONG_LIST).routed();
        }

        @Override
        public boolean hasAlternativeTo(Node node) {
          return true;
        }
      };

  @Test
  void a_helper_does_not_wait_for_a_caller_that_left_before_it_started() throws Exception {
    CoalescedRequest first = CoalescedRequest.forCaller("1", sender, time -> {});
    first.start(buffers);
    CoalescedRequest helper = first.newHelper();
    first.setHelper(helper);
    assertThat(first.sendUnshared(sender, WaitListener.none())).isPresent();
    helper.start(buffers);
    if (helper.isShared()) helper.run(failure -> {}, WaitListener.none());
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void a_queued_request_that_helps_serves_its_own_caller_alone_then() throws Exception {
    CoalescedRequest first = CoalescedRequest.forCaller("1", sender, time -> {});
    first.start(buffers);
    CoalescedRequest queued = CoalescedRequest.forCaller("2", sender, time -> {});
    first.setHelper(queued);
    assertThat(first.sendUnshared(sender, WaitListener.none())).isPresent();
    queued.start(buffers);
    assertThat(queued.isShared()).isFalse();
    assertThat(queued.sendUnshared(sender, WaitListener.none())).isPresent();
    assertThat(budget.heldBytes()).isZero();
  }
}
