package packhorse.exchange.refs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import packhorse.node.NodeRequest;

/// Remembers how long lists of refs lately took until their first byte, to tell when a node is
/// silent for longer than usual. The limit is made as TCP makes the time after which it sends again
/// (RFC 6298): from the smoothed time and its smoothed deviation. The times are those of a
/// repository, whoever asks, because they say nothing of what is in it. Bounded by the number of
/// entries. Called on any thread.
final class ResponseTimes {
  private static final int MAX_ENTRIES = 10_000;
  private static final Duration LIMIT_IF_UNKNOWN = Duration.ofMillis(500);
  private static final Duration MIN_LIMIT = Duration.ofMillis(200);
  private static final Duration MAX_LIMIT = Duration.ofSeconds(10);

  private final Duration limitIfUnknown;
  private final Cache<Question, Times> times =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

  ResponseTimes() {
    this(LIMIT_IF_UNKNOWN);
  }

  /// @param limitIfUnknown the limit for a repository of which nothing is remembered
  ResponseTimes(Duration limitIfUnknown) {
    this.limitIfUnknown = limitIfUnknown;
  }

  /// What was asked for: the capabilities of v2 come faster than a list.
  private record Question(
      String pool, String repository, Optional<String> gitProtocol, boolean hasBody) {
    static Question of(CoalescingKey key) {
      return new Question(
          key.asker().pool(),
          key.asker().repository(),
          key.gitProtocol(),
          !(key.body() instanceof NodeRequest.NoBody));
    }
  }

  /// @param smoothed the smoothed time, in nanoseconds
  /// @param deviation its smoothed deviation, in nanoseconds
  private record Times(long smoothed, long deviation) {
    static Times of(long first) {
      return new Times(first, first / 2);
    }

    Times plus(Times other) {
      long next = other.smoothed;
      return new Times(
          smoothed + (next - smoothed) / 8,
          deviation + (Math.abs(next - smoothed) - deviation) / 4);
    }

    long limit() {
      return smoothed + Math.max(smoothed, 4 * deviation);
    }
  }

  /// Records the time of a response.
  void record(CoalescingKey key, Duration time) {
    times.asMap().merge(Question.of(key), Times.of(time.toNanos()), Times::plus);
  }

  /// How long a node may be silent before another one is asked, too: at least 200 ms, at most 10 s.
  Duration limit(CoalescingKey key) {
    Times known = times.getIfPresent(Question.of(key));
    if (known == null) return limitIfUnknown;
    long limit = Math.clamp(known.limit(), MIN_LIMIT.toNanos(), MAX_LIMIT.toNanos());
    return Duration.ofNanos(limit);
  }
}
