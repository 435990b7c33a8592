package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import packhorse.kit.Sample;
import packhorse.node.ClientGone;
import packhorse.node.NodeFailure;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// One ask under way and one queued for each question, shared by all who wait.
@Timeout(30)
final class SharedAsksTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final List<NodeFailure> counted = new CopyOnWriteArrayList<>();
  private final Crowd crowd = new Crowd(asks(LONG));

  private SharedAsks asks(Duration patience) {
    return new SharedAsks(new Spools(Sample.SPOOLS), counted::add, patience);
  }

  /// A first client whose ask is under way, and so many that came meanwhile.
  private List<FutureTask<String>> crowd(int others) throws InterruptedException {
    List<FutureTask<String>> clients = new ArrayList<>(List.of(crowd.client("first")));
    assertThat(crowd.heard()).isEqualTo("first");
    for (int i = 0; i < others; i++) clients.add(crowd.client("other-" + i));
    crowd.waiting();
    return clients;
  }

  @Test
  void a_hundred_who_ask_while_an_ask_is_under_way_share_the_next_one() throws Exception {
    List<FutureTask<String>> clients = crowd(100);
    assertThat(crowd.heardMore()).as("asks beside the first").isFalse();
    crowd.answer("old");
    crowd.answer("new");
    assertThat(clients.getFirst().get()).isEqualTo("old");
    for (var client : clients.subList(1, clients.size())) assertThat(client.get()).isEqualTo("new");
    crowd.heard();
    assertThat(crowd.heardMore()).as("a third ask").isFalse();
  }

  @Test
  void who_asks_when_nothing_is_under_way_asks_at_once() throws Exception {
    crowd.answer("one");
    assertThat(crowd.client("a").get()).isEqualTo("one");
    crowd.answer("two");
    assertThat(crowd.client("b").get()).isEqualTo("two");
  }

  @Test
  void another_question_does_not_wait() throws Exception {
    crowd(1);
    ListAnswer other = ListAnswer.of(new byte[] {'x'});
    try (Asked asked = crowd.asks.ask(Crowd.question("/other"), "other", other::asked)) {
      assertThat(asked.answer()).isSameAs(other);
    }
  }

  @Test
  void each_who_shares_gets_head_body_and_trailers_and_its_route_says_so() throws Exception {
    crowd(0);
    var clients =
        List.of(crowd.client("b", SharedAsksTest::whole), crowd.client("c", SharedAsksTest::whole));
    crowd.waiting();
    crowd.answer("old");
    crowd.answer("list", "Cache-Control: no-cache", "X-Odd: 1");
    for (var client : clients) {
      assertThat(client.get())
          .startsWith("200 Fine [Header[name=Cache-Control")
          .contains("X-Odd", "list", "X-Last")
          .containsPattern("read, asked once for 2 as request [bc]$");
    }
  }

  private static String whole(Asked asked) throws IOException {
    var answer = asked.answer();
    String head = answer.status() + " " + answer.reason() + " " + answer.headers().lines();
    byte[] seen = new byte[4];
    answer.peek().get(seen);
    String body = Crowd.text(asked);
    assertThat(new String(seen, StandardCharsets.UTF_8)).isEqualTo(body);
    return head + body + answer.trailers().lines() + asked.route().why();
  }

  @Test
  void each_is_told_when_the_ask_that_it_shares_fails() throws Exception {
    List<FutureTask<String>> clients = crowd(5);
    crowd.answer("old");
    crowd.answer(() -> {
      throw new Refused(Refusal.nodeDown("no node is up"));
    });
    for (var client : clients.subList(1, clients.size())) {
      assertThatThrownBy(client::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(Refused.class)
          .hasMessageContaining("no node is up");
    }
    crowd.answer("well again");
    assertThat(crowd.client("later").get()).isEqualTo("well again");
  }

  @Test
  void the_next_ask_begins_when_the_one_under_way_fails() throws Exception {
    List<FutureTask<String>> clients = crowd(3);
    crowd.answer(() -> {
      throw new IOException("broken");
    });
    crowd.answer("new");
    assertThatThrownBy(clients.getFirst()::get).hasRootCauseMessage("broken");
    for (var client : clients.subList(1, 4)) assertThat(client.get()).isEqualTo("new");
  }

  @Test
  void a_node_that_breaks_off_is_counted_once_and_nobody_gets_a_clean_end() throws Exception {
    List<FutureTask<String>> clients = crowd(5);
    crowd.answer("old");
    crowd.answer(() -> ListAnswer.brokenAfter(new byte[] {'x'}).asked());
    for (var client : clients.subList(1, clients.size())) {
      assertThatThrownBy(client::get)
          .cause()
          .isInstanceOfSatisfying(
              NodeFailure.class, failure -> assertThat(failure.isKnown()).isTrue());
    }
    assertThat(counted).hasSize(1);
    assertThat(counted.getFirst().isKnown()).isFalse();
  }

  @Test
  void who_came_first_may_leave_before_the_ask_and_the_others_get_their_answer() throws Exception {
    crowd(0);
    var leaving = crowd.client("leaving");
    crowd.waiting();
    crowd.interruptLast();
    assertThatThrownBy(leaving::get).hasCauseInstanceOf(ClientGone.class);
    var staying = crowd.client("staying");
    var alsoStaying = crowd.client("also staying");
    crowd.answer("old");
    crowd.answer("new");
    crowd.answer("newest");
    assertThat(List.of(staying.get(), alsoStaying.get())).containsAnyOf("new", "newest");
  }

  @Test
  void who_came_first_may_leave_in_the_midst_and_the_others_get_their_answer() throws Exception {
    crowd(0);
    byte[] large = new byte[3 << 20];
    var leader =
        crowd.client(
            "leader",
            asked -> {
              asked.close();
              return 0;
            });
    var other = crowd.client("other", asked -> Crowd.text(asked).length());
    crowd.waiting();
    crowd.answer("old");
    crowd.answer(() -> ListAnswer.of(large).asked());
    assertThat(other.get()).isEqualTo(large.length);
    assertThat(leader.get()).isZero();
  }

  @Test
  void when_all_have_left_the_rest_of_the_answer_is_not_taken() throws Exception {
    crowd(0);
    ListAnswer endless = ListAnswer.of(new byte[8 << 20]);
    List<FutureTask<Integer>> leaving = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      leaving.add(
          crowd.client(
              "leaving",
              asked -> {
                asked.close();
                return 0;
              }));
    }
    crowd.waiting();
    crowd.answer("old");
    crowd.answer(endless::asked);
    for (var client : leaving) client.get();
    crowd.answer("later");
    assertThat(crowd.client("later").get()).isEqualTo("later");
    assertThat(endless.closed()).isTrue();
    assertThat(endless.body().available()).isPositive();
  }

  @Test
  void an_answer_that_sets_a_cookie_is_given_to_nobody_else() throws Exception {
    List<FutureTask<String>> clients = crowd(2);
    crowd.answer("old");
    crowd.answer("for one", "Set-Cookie: id=1");
    crowd.answer("for another", "Set-Cookie: id=2");
    crowd.answer("for the third", "Set-Cookie: id=3");
    assertThat(clients.get(1).get()).isNotEqualTo(clients.get(2).get());
  }

  @Test
  void a_client_that_reads_slowly_keeps_others_from_asking_no_longer_than_the_patience()
      throws Exception {
    Crowd hurried = new Crowd(asks(Duration.ofMillis(1)));
    CountDownLatch end = new CountDownLatch(1);
    hurried.answer("slow");
    var slow =
        hurried.client(
            "slow",
            asked -> {
              end.await();
              return Crowd.text(asked);
            });
    hurried.heard();
    hurried.answer("new");
    assertThat(hurried.client("fast").get()).isEqualTo("new");
    end.countDown();
    assertThat(slow.get()).isEqualTo("slow");
  }

  @Test
  void an_ask_that_no_node_has_answered_yet_is_waited_for_whatever_the_patience() throws Exception {
    Crowd hurried = new Crowd(asks(Duration.ofMillis(1)));
    var first = hurried.client("first");
    hurried.heard();
    var second = hurried.client("second");
    hurried.waiting();
    hurried.waiting();
    assertThat(hurried.heardMore()).isFalse();
    hurried.answer("old");
    hurried.answer("new");
    assertThat(first.get()).isEqualTo("old");
    assertThat(second.get()).isEqualTo("new");
  }
}
