package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import packhorse.node.Node;
import packhorse.node.RepositoryAsker;
import packhorse.request.Headers;
import packhorse.wire.ByteString;

final class RecentListsTest {
  private static final RepositoryAsker ANN = new RepositoryAsker("pool", "acme/app", "ann");
  private static final RepositoryAsker BOB = new RepositoryAsker("pool", "acme/app", "bob");

  private final AtomicLong now = new AtomicLong();
  private final RecentLists lists = new RecentLists(now::get);

  private static Optional<RecentList> list(String text) {
    Node node = new Node("one", "pool", URI.create("http://one.test"), 1);
    return Optional.of(new RecentList(node, Headers.empty(), ByteString.of(text), 0));
  }

  private Optional<String> take(RepositoryAsker asker) {
    return lists
        .take(asker)
        .map(list -> new String(list.bytes().toArray(), StandardCharsets.ISO_8859_1));
  }

  @Test
  void a_ticket_is_valid_once_and_for_its_asker_alone() {
    lists.leaveTicket(ANN, lists.nextNumber(), list("first"));
    assertThat(take(BOB)).isEmpty();
    assertThat(take(ANN)).contains("first");
    assertThat(take(ANN)).isEmpty();
  }

  @Test
  void each_ticket_takes_the_newest_list_in_whichever_order_the_lists_arrive() {
    long earlier = lists.nextNumber();
    long later = lists.nextNumber();
    lists.leaveTicket(ANN, later, list("new"));
    lists.leaveTicket(ANN, earlier, list("old"));
    assertThat(take(ANN)).contains("new");
    assertThat(take(ANN)).contains("new");
    assertThat(take(ANN)).isEmpty();
  }

  @Test
  void a_ticket_expires() {
    lists.leaveTicket(ANN, lists.nextNumber(), list("first"));
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    lists.leaveTicket(ANN, lists.nextNumber(), list("second"));
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(take(ANN)).contains("second");
    assertThat(take(ANN)).isEmpty();
  }

  @Test
  void a_list_that_is_not_kept_leaves_a_ticket_only_for_a_newer_one() {
    long first = lists.nextNumber();
    lists.leaveTicket(ANN, lists.nextNumber(), Optional.empty());
    assertThat(take(ANN)).isEmpty();
    lists.leaveTicket(ANN, first, list("first"));
    lists.leaveTicket(ANN, lists.nextNumber(), Optional.empty());
    assertThat(take(ANN)).contains("first");
    assertThat(take(ANN)).isEmpty();
  }
}
