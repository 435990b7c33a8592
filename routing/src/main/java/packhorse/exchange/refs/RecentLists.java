package packhorse.exchange.refs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import packhorse.memory.MemoryPlan;
import packhorse.node.RepositoryAsker;

/// Keeps the list of refs that a node sent for a client's request for the capabilities, for the
/// `ls-refs` that follows a moment later: so the two requests cost the node one advertisement.
///
/// Over HTTP it is unknown which `ls-refs` belongs to which request for the capabilities. So each
/// of the latter leaves one ticket for its asker, and an `ls-refs` takes one ticket and the newest
/// list of the asker. A client that has asked for the capabilities before thus never gets a list
/// that was requested before its own first request, whichever of several clients with one
/// credential comes first. Without a ticket, `ls-refs` asks the node.
///
/// The memory of all lists is limited, and a large list is not kept. Called on any thread.
public final class RecentLists {
  /// How long a ticket is valid.
  static final Duration LIFETIME = Duration.ofSeconds(5);

  private static final int MAX_WEIGHT = 8 << 20;
  private static final int MAX_LIST_BYTES = 512 << 10;
  private static final int ENTRY_OVERHEAD = 512;
  private static final int MAX_TICKETS = 1000;

  private final LongSupplier nanoTime;
  private final Cache<RepositoryAsker, Entry> entries;
  private final AtomicLong lastNumber = new AtomicLong();

  /// The newest list of an asker.
  ///
  /// @param number that of the request
  /// @param tickets when each of them expires; the oldest is the first
  private record Entry(RecentList list, long number, List<Long> tickets) {
    Entry withTickets(List<Long> other) {
      return new Entry(list, number, other);
    }

    List<Long> validTickets(long now) {
      return tickets.stream().filter(expiry -> expiry - now > 0).toList();
    }
  }

  public RecentLists() {
    this(System::nanoTime);
  }

  RecentLists(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(MemoryPlan.ofThisJvm().scaled(MAX_WEIGHT))
            .weigher((RepositoryAsker key, Entry entry) ->
                ENTRY_OVERHEAD + entry.list().bytes().size() + 24 * entry.tickets().size())
            .expireAfterWrite(LIFETIME)
            .build();
  }

  /// The largest list that is kept, in bytes.
  static int maxListBytes() {
    return (int) MemoryPlan.ofThisJvm().scaled(MAX_LIST_BYTES);
  }

  /// Returns the number of a request for the capabilities. Called before the request is sent to a
  /// node, so that a request with a larger number has a list at least as new.
  public long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  /// Leaves a ticket for an `ls-refs` of this asker.
  ///
  /// @param number that of the client's request for the capabilities
  /// @param list what the node sent for it; if it was too large, the ticket is left only if a list
  ///   is kept that is at least as new
  public void leaveTicket(RepositoryAsker asker, long number, Optional<RecentList> list) {
    long now = nanoTime.getAsLong();
    entries
        .asMap()
        .compute(
            asker,
            (key, kept) -> {
              if (kept == null) {
                return list.map(own -> new Entry(own, number, withTicket(List.of(), now)))
                    .orElse(null);
              }
              List<Long> tickets = kept.validTickets(now);
              if (kept.number() >= number) return kept.withTickets(withTicket(tickets, now));
              // What is kept is older than what this client may be shown.
              return list.map(own -> new Entry(own, number, withTicket(tickets, now))).orElse(kept);
            });
  }

  private static List<Long> withTicket(List<Long> tickets, long now) {
    if (tickets.size() >= MAX_TICKETS) return tickets;
    List<Long> more = new ArrayList<>(tickets);
    more.add(now + LIFETIME.toNanos());
    return more;
  }

  /// Takes a ticket, and returns the newest list of this asker; empty if there is no ticket.
  public Optional<RecentList> take(RepositoryAsker asker) {
    long now = nanoTime.getAsLong();
    List<RecentList> taken = new ArrayList<>(1);
    entries
        .asMap()
        .computeIfPresent(
            asker,
            (key, entry) -> {
              List<Long> tickets = entry.validTickets(now);
              if (tickets.isEmpty()) return null;
              taken.add(entry.list());
              return tickets.size() == 1
                  ? null
                  : entry.withTickets(tickets.subList(1, tickets.size()));
            });
    return taken.stream().findFirst();
  }
}
