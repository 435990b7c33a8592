package packhorse.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tests which connections are closed when all together take more than the budget, of 100 bytes.
final class ConnectionBudgetTest {
  private final ConnectionBudget budget = new ConnectionBudget(100);
  // The names of the connections that the budget has closed.
  private final List<String> closed = new ArrayList<>();

  @Test
  void a_flood_from_one_address_closes_its_own_oldest_connections() {
    open("quiet", 1, 10);
    for (int i = 0; i < 12; i++) open("flood " + i, 2, 10);
    assertThat(closed).containsExactly("flood 0", "flood 1", "flood 2");
    assertThat(budget.heldBytes()).isEqualTo(100);
    assertThat(budget.closedConnections()).isEqualTo(3);
  }

  @Test
  void a_connection_with_a_request_stays_open() {
    ConnectionBudget.Place busy = open("busy", 2, 60);
    busy.requestStarted();
    open("idle", 2, 30);
    open("next", 1, 20);
    assertThat(closed).containsExactly("idle");
    busy.requestEnded();
    open("last", 1, 30);
    assertThat(closed).containsExactly("idle", "busy");
  }

  @Test
  void while_all_others_have_requests_the_new_connection_is_closed() {
    open("busy", 1, 90).requestStarted();
    open("new", 2, 20);
    assertThat(closed).containsExactly("new");
    assertThat(budget.heldBytes()).isEqualTo(90);
  }

  @Test
  void bytes_of_an_unfinished_head_count_until_its_request_begins() {
    ConnectionBudget.Place place = open("head", 1, 10);
    place.addUnfinished(50);
    assertThat(budget.heldBytes()).isEqualTo(60);
    place.requestStarted();
    assertThat(budget.heldBytes()).isEqualTo(10);
    place.requestEnded();
    place.addUnfinished(91);
    assertThat(closed).containsExactly("head");
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void a_closed_connection_takes_nothing_whatever_is_still_reported() {
    ConnectionBudget.Place place = open("gone", 1, 10);
    place.requestStarted();
    place.close();
    place.close();
    place.requestEnded();
    place.addUnfinished(500);
    assertThat(budget.heldBytes()).isZero();
    assertThat(closed).isEmpty();
  }

  /// Opens a connection without a request.
  ///
  /// @param client the number of the client's address: the same number is the same address
  private ConnectionBudget.Place open(String name, int client, long bytes) {
    return budget.open(MemoryBudgetTest.client(client), bytes, () -> closed.add(name));
  }
}
